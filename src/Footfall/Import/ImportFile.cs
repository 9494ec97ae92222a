using System.IO.Compression;
using Footfall.Import.AccessLog;

namespace Footfall.Import;

/// <summary>A log on disk: plain or gzip, detected by its first bytes and not by its name.</summary>
internal static class ImportFile
{
    private const int BufferSize = 1 << 17;

    /// <summary>How many lines are searched for a time.</summary>
    private const int MaxProbedLines = 1_000;

    /// <summary>Opens the content at its beginning. A log may be written, renamed or deleted meanwhile.</summary>
    /// <param name="path">A file.</param>
    /// <exception cref="ImportException">It can't be opened, or is compressed by something else.</exception>
    public static ImportStream Open(string path)
    {
        FileStream? file = null;
        try
        {
            if (Directory.Exists(path)) throw new ImportException($"{path} is a directory: name the files in it.");
            file = new FileStream(path, new FileStreamOptions
            {
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.SequentialScan,
                BufferSize = BufferSize,
            });
            if (!file.CanSeek) throw new ImportException($"{path} is not a regular file: the import reads a log more than once to find "
                + $"what it has already imported. Save it to a file first.");
            return new ImportStream(file, Decompress(path, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new ImportException(error is FileNotFoundException or DirectoryNotFoundException ? $"{path} does not exist."
                : $"{path} can't be read: {error.Message}", error);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The time of the first line that can be read: Unix time in milliseconds; null if none of the first lines can be read.
    /// </summary>
    public static async Task<long?> ReadFirstTimeAsync(string path, CancellationToken cancellationToken)
    {
        await using var content = Open(path);
        using var lines = new LogLineReader(content);
        for (var left = MaxProbedLines; left > 0; left--)
        {
            while (!lines.TryPeek())
                if (!await lines.FillAsync(cancellationToken)) return null;
            if (!lines.IsTooLong && AccessLogParser.Parse(lines.Line, out var line) == LogLineError.None) return line.Time;
            lines.Advance();
        }
        return null;
    }

    private static Stream Decompress(string path, FileStream file)
    {
        Span<byte> magic = stackalloc byte[6];
        var read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        magic = magic[..read];
        // RFC 1952, 2.3.1. A file of several members, as logrotate and cat make them, is read to its end.
        if (magic.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b])) return new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        var other = magic switch
        {
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "Zstandard (zstd -d)",
            [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0] => "xz (xz -d)",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2 (bunzip2)",
            [(byte)'P', (byte)'K', 3, 4, ..] => "zip (unzip)",
            _ => null,
        };
        return other is null ? file : throw new ImportException($"{path} is compressed with {other}: decompress it first. The import "
            + $"reads plain text and gzip.");
    }

    /// <summary>The content of a log, and how far it has been read.</summary>
    /// <param name="file">As on disk.</param>
    /// <param name="decompressed">After decompression.</param>
    internal sealed class ImportStream(FileStream file, Stream decompressed) : Stream
    {
        private long _lines, _readOnDisk;

        /// <summary>Lines read, counted by their ends.</summary>
        public long Lines => Volatile.Read(ref _lines);

        /// <summary>The bytes read from disk.</summary>
        public long ReadOnDisk => Volatile.Read(ref _readOnDisk);

        public long SizeOnDisk { get; } = file.Length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            Count(buffer.AsSpan(offset, decompressed.Read(buffer, offset, count)));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await decompressed.ReadAsync(buffer, cancellationToken);
            return Count(buffer.Span[..read]);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (!disposing) return;
            decompressed.Dispose();
            file.Dispose();
        }

        private int Count(ReadOnlySpan<byte> read)
        {
            Volatile.Write(ref _lines, _lines + read.Count((byte)'\n'));
            Volatile.Write(ref _readOnDisk, Math.Min(file.Position, SizeOnDisk));
            return read.Length;
        }
    }
}
