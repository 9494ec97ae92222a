using System.Security.Cryptography;

namespace Footfall.Commands.Backup;

/// <summary>Copies and checks the files of a backup, with progress.</summary>
internal sealed class BackupFileCopier(BackupProgress progress)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Copies a file and syncs it to disk.</summary>
    /// <returns>Size and SHA-256 of the data read.</returns>
    /// <exception cref="IOException">The disk is full, for example.</exception>
    public async Task<BackupFile> CopyAsync(string from, string to, string action, CancellationToken cancellationToken)
    {
        await using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        try
        {
            var file = await ReadAsync(from, action, (bytes, cancellationToken) =>
                target.WriteAsync(bytes, cancellationToken), cancellationToken);
            target.Flush(flushToDisk: true);
            return file;
        }
        catch (ArgumentOutOfRangeException error)
        {
            // .NET's error for a file too large for its disk (EFBIG): 4 GB on FAT32, or a limit of the process.
            throw new IOException($"The file {to} is too large for its file system, or for a limit of this process.", error);
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <returns>Its size and SHA-256.</returns>
    public Task<BackupFile> ReadAsync(string path, string action, CancellationToken cancellationToken) =>
        ReadAsync(path, action, static (_, _) => ValueTask.CompletedTask, cancellationToken);

    /// <summary>Checks a file against the manifest.</summary>
    /// <exception cref="CommandException">It differs.</exception>
    public static void Verify(BackupFile expected, BackupFile actual, string directory)
    {
        if (actual.Bytes != expected.Bytes) throw Damaged(directory, $"{expected.Name} has {actual.Bytes} bytes instead of "
            + $"{expected.Bytes}");
        if (!string.Equals(actual.Sha256, expected.Sha256, StringComparison.OrdinalIgnoreCase)) throw Damaged(directory, $"the content of "
            + $"{expected.Name} has changed");
    }

    private static CommandException Damaged(string directory, string how) =>
        new($"The backup in {directory} is damaged: {how}. Nothing was changed.");

    private async Task<BackupFile> ReadAsync(string path, string action, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write,
        CancellationToken cancellationToken)
    {
        await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        var bytes = 0L;
        while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            await write(buffer.AsMemory(0, read), cancellationToken);
            bytes += read;
            progress.Report(action, bytes, source.Length);
        }
        return new BackupFile(Path.GetFileName(path), bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
