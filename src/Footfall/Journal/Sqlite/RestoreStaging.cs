using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.Journal.Sqlite;

/// <summary>
/// Moves the files of a backup into a data directory. They are staged in a subfolder; when all are there they are put in place only by
/// renames, and if a process is killed in between, the next one that opens the directory finishes. So a directory has the old data or the
/// new, never a mix.
/// </summary>
internal static class RestoreStaging
{
    /// <summary>The staging folder.</summary>
    public const string FolderName = "restore.partial";

    /// <summary>The file that marks the staging as complete; its content is the folder for the old files.</summary>
    private const string ReadyFile = "ready";

    /// <summary>The file that marks that the old files are moved aside.</summary>
    private const string ClearedFile = "cleared";

    /// <summary>
    /// The files that belong together. Not the salts: they fit any restored data, and moved aside they would outlive their 48 hours.
    /// </summary>
    private static readonly string[] Names =
    [
        SqliteJournal.FileName, SqliteJournal.FileName + "-wal", SqliteJournal.FileName + "-shm",
        HistoryDatabase.FileName, HistoryDatabase.FileName + ".wal", HistoryDatabase.FileName + ".tmp", HistoryDatabase.FileName + ".new",
    ];

    /// <summary>The data files that a directory has.</summary>
    public static IReadOnlyList<string> FindFiles(string directory) => [.. Names.Where(name => Path.Exists(Path.Combine(directory, name)))];

    /// <summary>Creates an empty folder for the files.</summary>
    /// <param name="directory">The data directory, which this process has.</param>
    public static string CreateFolder(string directory)
    {
        var folder = Path.Combine(directory, FolderName);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>Marks that all files are in the folder, on disk. From here on the old data is no longer used.</summary>
    /// <param name="aside">The name of the folder, in the data directory, for the current files.</param>
    public static void MarkComplete(string directory, string aside)
    {
        var folder = Path.Combine(directory, FolderName);
        var ready = Path.Combine(folder, ReadyFile);
        File.WriteAllText(ready + ".new", aside);
        FileSync.SyncFile(ready + ".new");
        File.Move(ready + ".new", ready);
        FileSync.SyncDirectory(folder);
        FileSync.SyncDirectory(directory);
    }

    /// <summary>Puts staged files in place, if there are any.</summary>
    /// <param name="directory">The data directory, which this process has.</param>
    /// <exception cref="StartupException">They can't be moved.</exception>
    public static void Apply(string directory)
    {
        var folder = Path.Combine(directory, FolderName);
        var (ready, cleared) = (Path.Combine(folder, ReadyFile), Path.Combine(folder, ClearedFile));
        try
        {
            if (File.Exists(ready))
            {
                MoveAside(directory, Path.Combine(directory, File.ReadAllText(ready)));
                // It belongs to the old journal.
                File.Delete(Path.Combine(directory, JournalMark.FileName));
                File.Move(ready, cleared);
                FileSync.SyncDirectory(folder);
            }
            if (!File.Exists(cleared)) return;
            foreach (var name in FindFiles(folder)) File.Move(Path.Combine(folder, name), Path.Combine(directory, name));
            FileSync.SyncDirectory(directory);
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The files of a backup in {folder} can't be put in place: {error.Message}", error);
        }
    }

    private static void MoveAside(string directory, string aside)
    {
        var names = FindFiles(directory);
        if (names.Count == 0) return;
        Directory.CreateDirectory(aside);
        foreach (var name in names) Directory.Move(Path.Combine(directory, name), Path.Combine(aside, name));
        FileSync.SyncDirectory(aside);
        FileSync.SyncDirectory(directory);
    }
}
