using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History;
using Footfall.History.Projection;
using Footfall.History.Schema;
using Footfall.Hosting;
using Footfall.Journal.Sqlite;

namespace Footfall.Commands.Backup;

/// <summary>
/// Creates a backup of a data directory, even while a server uses it. First the history, copied between two steps of the projector, then
/// the journal from one snapshot: so the journal has everything in the history, and after a restore the history continues where it was.
/// Without the salts, which would make visitors identifiable after their 48 hours.
/// </summary>
/// <param name="data">The data directory.</param>
/// <param name="target">An empty directory, or none.</param>
internal sealed class BackupWriter(string data, string target, BackupProgress progress, TimeProvider time)
{
    /// <summary>The temporary folder of the files until the backup is complete.</summary>
    private const string UnfinishedFolder = "unfinished";

    private readonly BackupFileCopier _copier = new(progress);
    private readonly string _folder = Path.Combine(target, UnfinishedFolder);

    /// <exception cref="CommandException">It failed: the target is unchanged.</exception>
    public async Task<BackupManifest> RunAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(data)) throw new CommandException($"There is no data directory {data}.");
        var created = PrepareTarget();
        try
        {
            await using var backupLock = await BackupLock.AcquireAsync(data, time, cancellationToken);
            var files = await CopyAsync(backupLock, cancellationToken);
            var manifest = CreateManifest(files);
            backupLock.EnsureHeld();
            Complete(manifest);
            return manifest;
        }
        catch (Exception error)
        {
            Remove(created);
            if (error is IOException or UnauthorizedAccessException or DuckDBException or Microsoft.Data.Sqlite.SqliteException)
                throw new CommandException($"The backup failed: {HistoryFault.Describe(error.Message)}", error);
            throw;
        }
    }

    private async Task<List<BackupFile>> CopyAsync(BackupLock backupLock, CancellationToken cancellationToken)
    {
        var files = new List<BackupFile>();
        await using (var history = await backupLock.LockHistoryAsync(cancellationToken))
        {
            foreach (var name in (string[])[HistoryDatabase.FileName, HistoryDatabase.FileName + ".wal"])
            {
                var from = Path.Combine(data, name);
                if (!File.Exists(from)) continue;
                if (files.Count == 0) progress.WriteLine($"Copying the history ({BackupProgress.FormatSize(new FileInfo(from).Length)})…");
                files.Add(await _copier.CopyAsync(from, Path.Combine(_folder, name), "copying the history", cancellationToken));
            }
            history.EnsureHeld();
        }
        var journal = Path.Combine(data, SqliteJournal.FileName);
        if (!File.Exists(journal)) throw new CommandException($"{data} has no journal: there is nothing to back up.");
        progress.WriteLine($"Copying the journal ({BackupProgress.FormatSize(new FileInfo(journal).Length)})…");
        var copy = Path.Combine(_folder, SqliteJournal.FileName);
        await JournalCopy.CreateAsync(journal, copy, cancellationToken);
        FileSync.SyncFile(copy);
        files.Add(await _copier.ReadAsync(copy, "checking the journal", cancellationToken));
        return files;
    }

    /// <summary>Opens the copies: files that can't be opened are not a backup.</summary>
    private BackupManifest CreateManifest(IReadOnlyList<BackupFile> files)
    {
        var (journal, position) = JournalCopy.ReadIdentity(Path.Combine(_folder, SqliteJournal.FileName));
        var history = files.Any(file => file.Name == HistoryDatabase.FileName)
            ? HistoryProgress.ReadProgress(Path.Combine(_folder, HistoryDatabase.FileName)) : default((Guid?, long)?);
        if (history is { } has && has.Item1 == journal && has.Item2 > position)
            throw new CommandException($"The history (position {has.Item2}) is ahead of the journal ({position}): an older journal "
                + "was restored. Start the server: it says what to do.");
        return new BackupManifest(BackupManifest.KnownFormat, BuildInfo.Version, time.GetUtcNow(), journal, position, history?.Item2,
            files);
    }

    private void Complete(BackupManifest manifest)
    {
        foreach (var file in manifest.Files) File.Move(Path.Combine(_folder, file.Name), Path.Combine(target, file.Name));
        var path = Path.Combine(_folder, BackupManifest.FileName);
        File.WriteAllBytes(path, manifest.ToBytes());
        FileSync.SyncFile(path);
        FileSync.SyncDirectory(target);
        // Written last: it completes the backup.
        File.Move(path, Path.Combine(target, BackupManifest.FileName));
        Directory.Delete(_folder, recursive: true);
        FileSync.SyncDirectory(target);
        if (Path.GetDirectoryName(target) is { } parent) FileSync.SyncDirectory(parent);
    }

    /// <returns>Whether the target was created here.</returns>
    private bool PrepareTarget()
    {
        try
        {
            if (File.Exists(target)) throw new CommandException($"{target} is a file. A backup needs an empty directory, or one that does "
                + $"not exist yet.");
            var created = !Directory.Exists(target);
            Directory.CreateDirectory(target);
            // Left by a killed backup: incomplete, and in the way.
            if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
            if (Directory.EnumerateFileSystemEntries(target).FirstOrDefault() is { } first)
            {
                throw new CommandException(File.Exists(Path.Combine(target, BackupManifest.FileName))
                    ? $"{target} already has a backup. Choose another directory."
                    : $"{target} is not empty (it has {Path.GetFileName(first)}). Choose an empty directory, or one that does not exist "
                        + $"yet.");
            }
            Directory.CreateDirectory(_folder);
            return created;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{target} can't be written: {error.Message}", error);
        }
    }

    /// <summary>Deletes everything that was created: it must not look like a backup.</summary>
    private void Remove(bool created)
    {
        try
        {
            foreach (var name in BackupFile.Names.Append(BackupManifest.FileName)) File.Delete(Path.Combine(target, name));
            Directory.Delete(created ? target : _folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            progress.WriteLine($"The files copied so far could not be removed: {error.Message}");
        }
    }
}
