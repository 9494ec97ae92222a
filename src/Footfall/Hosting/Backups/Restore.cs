using System.Globalization;
using Footfall.Hosting.Control;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Hosting.Backups;

/// <summary>Brings a backup back into a data directory: all files are copied beside the data and checked before anything of it is touched.</summary>
/// <param name="source">The directory of the backup.</param>
/// <param name="data">The data directory.</param>
/// <param name="force">Whether data that is there is moved aside.</param>
internal sealed class Restore(string source, string data, bool force, BackupProgress progress, TimeProvider time)
{
    private readonly FileCopy _copy = new(progress);

    /// <returns>The manifest, and the folder with the data that was there before; null for none.</returns>
    /// <exception cref="CommandException">It can't be done: the data is as it was.</exception>
    /// <exception cref="StartException">The data directory is in use, or can't be written.</exception>
    public async Task<(BackupManifest Manifest, string? Aside)> RunAsync(CancellationToken stop)
    {
        var manifest = BackupManifest.Read(source);
        try
        {
            foreach (var file in manifest.Files) await CheckAsync(file, stop);
            using var held = DataDirectoryLock.Acquire(data);
            RestoredFiles.PutInPlace(data);
            var before = RestoredFiles.In(data);
            if (before.Count > 0 && !force)
                throw new CommandException($"The data directory {data} has data already ({string.Join(", ", before)}). With --force it is moved aside into a folder there, and nothing is deleted.");
            await CopyAsync(manifest, stop);
            var aside = before.Count > 0 ? NewFolder() : "";
            RestoredFiles.Complete(data, aside);
            RestoredFiles.PutInPlace(data);
            return (manifest, aside.Length > 0 ? Path.Combine(data, aside) : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The backup was not restored: {error.Message} The data is as it was.", error);
        }
    }

    private async Task CheckAsync(BackupFile file, CancellationToken stop)
    {
        progress.Say($"Checking {file.Name} ({BackupProgress.Size(file.Bytes)})…");
        var path = Path.Combine(source, file.Name);
        if (!File.Exists(path)) throw new CommandException($"The backup in {source} is damaged: {file.Name} is missing. Nothing was changed.");
        FileCopy.Check(file, await _copy.ReadAsync(path, $"checking {file.Name}", stop), source);
    }

    private async Task CopyAsync(BackupManifest manifest, CancellationToken stop)
    {
        var folder = RestoredFiles.Begin(data);
        try
        {
            foreach (var file in manifest.Files)
            {
                progress.Say($"Copying {file.Name}…");
                // Checked again: what counts is what was copied.
                FileCopy.Check(file, await _copy.RunAsync(Path.Combine(source, file.Name), Path.Combine(folder, file.Name), $"copying {file.Name}", stop), source);
            }
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private string NewFolder()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"replaced-{time.GetUtcNow():yyyy-MM-dd'T'HH-mm-ss}");
        for (var number = 1; ; number++)
        {
            var folder = number == 1 ? name : $"{name}-{number}";
            if (!Path.Exists(Path.Combine(data, folder))) return folder;
        }
    }
}
