using System.Security.Cryptography;

namespace Footfall.Import.AccessLog;

/// <summary>Finds out how much of some content was imported before.</summary>
internal static class ResumePointFinder
{
    private const int BufferSize = 1 << 18;

    /// <param name="From">The bytes that were imported; 0 for none.</param>
    /// <param name="Overlaps">
    /// Whether the content continues after them, and so did an import with the same first line: then lines after them may have been
    /// counted.
    /// </param>
    internal readonly record struct ResumePoint(long From, bool Overlaps);

    /// <param name="open">Opens the content, after decompression, at its beginning.</param>
    public static async Task<ResumePoint> FindAsync(Func<Stream> open, IReadOnlyList<KnownContent> known,
        CancellationToken cancellationToken)
    {
        if (known.Count == 0) return default;
        var (from, goesOn) = await FindLongestKnownAsync(open, known, cancellationToken);
        if (!goesOn) return new(from, false);
        var start = await ReadFingerprintAsync(open, cancellationToken);
        var longer = known.Any(content => content.Start == start && content.Length > from);
        return new(from, longer && !await EndsInPartialLineAsync(open, from, cancellationToken));
    }

    /// <returns>The length of the longest beginning that is known, and whether the content continues after it.</returns>
    private static async Task<(long From, bool GoesOn)> FindLongestKnownAsync(Func<Stream> open, IReadOnlyList<KnownContent> known,
        CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var content = open();
        var buffer = new byte[BufferSize];
        var (position, longest) = (0L, 0L);
        foreach (var length in known.GroupBy(content => content.Length).OrderBy(length => length.Key))
        {
            while (position < length.Key)
            {
                var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, length.Key - position)), cancellationToken);
                if (read == 0) return (longest, position > longest);
                hash.AppendData(buffer, 0, read);
                position += read;
            }
            var current = hash.GetCurrentHash();
            if (length.Any(content => current.AsSpan().SequenceEqual(content.Hash))) longest = position;
        }
        return (longest, position > longest);
    }

    /// <summary>Whether only an incomplete line, which no import counts, follows some bytes.</summary>
    private static async Task<bool> EndsInPartialLineAsync(Func<Stream> open, long from, CancellationToken cancellationToken)
    {
        await using var content = open();
        var buffer = new byte[BufferSize];
        for (var left = from; left > 0;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, left)), cancellationToken);
            if (read == 0) return true;
            left -= read;
        }
        using var lines = new LogLineReader(content);
        while (!lines.TryPeek())
            if (!await lines.FillAsync(cancellationToken)) return true;
        return !lines.IsTerminated && (AccessLogParser.Parse(lines.Line, out var line) != LogLineError.None || !line.Combined);
    }

    private static async Task<ulong?> ReadFingerprintAsync(Func<Stream> open, CancellationToken cancellationToken)
    {
        await using var content = open();
        using var lines = new LogLineReader(content);
        while (lines.TryPeek() || await lines.FillAsync(cancellationToken))
        {
            if (!lines.TryPeek()) continue;
            if (!lines.Line.IsEmpty) return ImportState.Fingerprint(lines.Line);
            lines.Advance();
        }
        return null;
    }
}
