using System.Security.Cryptography;
using Footfall.Hosting.Control;
using Footfall.Words;

namespace Footfall.Hosting.Backups;

/// <summary>Copies and checks the files of a backup, with progress.</summary>
internal sealed class FileCopy(BackupProgress progress)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Copies a file and brings it to the disk.</summary>
    /// <returns>Size and SHA-256 of what was read.</returns>
    public async Task<BackupFile> RunAsync(string from, string to, string doing, CancellationToken stop)
    {
        await using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        var file = await ReadAsync(from, doing, (bytes, stop) => target.WriteAsync(bytes, stop), stop);
        target.Flush(flushToDisk: true);
        return file;
    }

    /// <summary>Reads a whole file.</summary>
    /// <returns>Its size and SHA-256.</returns>
    public Task<BackupFile> ReadAsync(string path, string doing, CancellationToken stop) => ReadAsync(path, doing, static (_, _) => ValueTask.CompletedTask, stop);

    /// <summary>Makes sure that a file is what the manifest says.</summary>
    /// <exception cref="CommandException">It is not.</exception>
    public static void Check(BackupFile expected, BackupFile actual, string directory)
    {
        if (actual.Bytes != expected.Bytes) throw Damaged(directory, $"{expected.Name} has {actual.Bytes} bytes, and had {expected.Bytes}");
        if (!string.Equals(actual.Sha256, expected.Sha256, StringComparison.OrdinalIgnoreCase)) throw Damaged(directory, $"the content of {expected.Name} is not what it was");
    }

    private static CommandException Damaged(string directory, string how) => new($"The backup in {directory} is damaged: {how}. Nothing was changed.");

    private async Task<BackupFile> ReadAsync(string path, string doing, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken stop)
    {
        await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        var bytes = 0L;
        while (await source.ReadAsync(buffer, stop) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            await take(buffer.AsMemory(0, read), stop);
            bytes += read;
            progress.Report(doing, bytes, source.Length);
        }
        return new BackupFile(Path.GetFileName(path), bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
