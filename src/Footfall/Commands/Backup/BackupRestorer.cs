using System.Globalization;
using Footfall.Common;
using Footfall.Journal;
using Footfall.Journal.Sqlite;

namespace Footfall.Commands.Backup;

/// <summary>Restores a backup to a data directory: all files are copied next to the data and checked before any data is touched.</summary>
/// <param name="source">The directory of the backup.</param>
/// <param name="data">The data directory.</param>
/// <param name="force">Whether to move existing data aside.</param>
internal sealed class BackupRestorer(string source, string data, bool force, BackupProgress progress, TimeProvider time)
{
    private readonly BackupFileCopier _copier = new(progress);

    /// <returns>The manifest, and the folder with the old data; null for none.</returns>
    /// <exception cref="CommandException">It failed: the data is unchanged.</exception>
    /// <exception cref="StartupException">The data directory is in use, or can't be written.</exception>
    public async Task<(BackupManifest Manifest, string? Aside)> RunAsync(CancellationToken cancellationToken)
    {
        var manifest = BackupManifest.Read(source);
        try
        {
            foreach (var file in manifest.Files) await VerifyAsync(file, cancellationToken);
            using var held = DataDirectoryLock.Acquire(data);
            RestoreStaging.Apply(data);
            var before = RestoreStaging.FindFiles(data);
            if (before.Count > 0 && !force)
                throw new CommandException($"The data directory {data} already has data ({string.Join(", ", before)}). With --force the "
                    + $"data is moved to a folder inside it; nothing is deleted.");
            await CopyAsync(manifest, cancellationToken);
            var aside = before.Count > 0 ? GetReplacedFolder() : "";
            RestoreStaging.MarkComplete(data, aside);
            RestoreStaging.Apply(data);
            return (manifest, aside.Length > 0 ? Path.Combine(data, aside) : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The backup was not restored: {error.Message} The data is unchanged.", error);
        }
    }

    private async Task VerifyAsync(BackupFile file, CancellationToken cancellationToken)
    {
        progress.WriteLine($"Checking {file.Name} ({BackupProgress.FormatSize(file.Bytes)})…");
        var path = Path.Combine(source, file.Name);
        if (!File.Exists(path))
            throw new CommandException($"The backup in {source} is damaged: {file.Name} is missing. Nothing was changed.");
        BackupFileCopier.Verify(file, await _copier.ReadAsync(path, $"checking {file.Name}", cancellationToken), source);
    }

    private async Task CopyAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var folder = RestoreStaging.CreateFolder(data);
        try
        {
            foreach (var file in manifest.Files)
            {
                progress.WriteLine($"Copying {file.Name}…");
                // Checked again, since the copy is what matters.
                BackupFileCopier.Verify(file, await _copier.CopyAsync(Path.Combine(source, file.Name), Path.Combine(folder, file.Name),
                    $"copying {file.Name}", cancellationToken), source);
            }
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private string GetReplacedFolder()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"replaced-{time.GetUtcNow():yyyy-MM-dd'T'HH-mm-ss}");
        for (var number = 1; ; number++)
        {
            var folder = number == 1 ? name : $"{name}-{number}";
            if (!Path.Exists(Path.Combine(data, folder))) return folder;
        }
    }
}
