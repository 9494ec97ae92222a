using System.Text.Json;
using System.Text.Json.Serialization;
using Footfall.History.Schema;
using Footfall.Journal.Sqlite;

namespace Footfall.Commands.Backup;

/// <summary>The content of a backup: the file <see cref="FileName"/>, written last. A folder without it is not a backup.</summary>
/// <param name="Format">1.</param>
/// <param name="Footfall">The version of the program.</param>
/// <param name="Made">When the journal was copied.</param>
/// <param name="Journal">The identity of the journal.</param>
/// <param name="JournalPosition">Its last commit.</param>
/// <param name="HistoryPosition">The last commit in the history; null without a history. Never more than
/// <paramref name="JournalPosition"/>.</param>
/// <param name="Files">Those of the data directory.</param>
internal sealed record BackupManifest(
    int Format, string Footfall, DateTimeOffset Made, Guid Journal, long JournalPosition, long? HistoryPosition,
    IReadOnlyList<BackupFile> Files)
{
    public const string FileName = "manifest.json";

    public const int KnownFormat = 1;

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="CommandException">There is no manifest, or it is damaged.</exception>
    public static BackupManifest Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!Directory.Exists(directory)) throw new CommandException($"There is no directory {directory}.");
        if (!File.Exists(path)) throw new CommandException($"{directory} is not a backup, or the backup was not finished: it has no "
            + $"{FileName}.");
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), BackupJson.Default.BackupManifest);
            if (manifest is { Format: > KnownFormat })
                throw new CommandException($"The backup in {directory} was made by a later version of Footfall.");
            if (manifest is not { Format: KnownFormat, Files.Count: > 0 } || manifest.Files.Any(file => !file.IsValid))
                throw new JsonException("it does not list the files");
            return manifest;
        }
        catch (JsonException error)
        {
            throw new CommandException($"The backup in {directory} is damaged: {FileName} can't be read ({error.Message.TrimEnd('.')}).",
                error);
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);
}

/// <param name="Name">The file name, in the backup and in the data directory.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">In lower case hexadecimals.</param>
internal sealed record BackupFile(string Name, long Bytes, string Sha256)
{
    /// <summary>The files that a backup may have: any other name could be written elsewhere.</summary>
    public static readonly string[] Names =
        [SqliteJournal.FileName, HistoryDatabase.FileName, HistoryDatabase.FileName + ".wal"];

    [JsonIgnore]
    public bool IsValid => Names.Contains(Name) && Bytes >= 0 && Sha256 is { Length: 64 };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
