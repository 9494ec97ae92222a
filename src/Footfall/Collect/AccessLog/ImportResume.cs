using System.Security.Cryptography;

namespace Footfall.Collect.AccessLog;

/// <summary>Finds out how much of some content was imported before.</summary>
internal static class ImportResume
{
    private const int BufferSize = 1 << 18;

    /// <param name="From">The bytes that were imported; 0 for none.</param>
    /// <param name="Overlaps">
    /// Whether the content goes on behind them, and an import with the same first line did so too: then lines behind them may have been counted.
    /// </param>
    internal readonly record struct Place(long From, bool Overlaps);

    /// <param name="open">Opens the content, after decompression, at its beginning.</param>
    public static async Task<Place> FindAsync(Func<Stream> open, IReadOnlyList<KnownContent> known, CancellationToken stop)
    {
        if (known.Count == 0) return default;
        var (from, goesOn) = await LongestAsync(open, known, stop);
        if (!goesOn) return new(from, false);
        var start = await StartAsync(open, stop);
        var longer = known.Any(content => content.Start == start && content.Length > from);
        return new(from, longer && !await IsUnfinishedAsync(open, from, stop));
    }

    /// <returns>The length of the longest beginning that is known, and whether it was seen that the content goes on behind it.</returns>
    private static async Task<(long From, bool GoesOn)> LongestAsync(Func<Stream> open, IReadOnlyList<KnownContent> known, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var content = open();
        var buffer = new byte[BufferSize];
        var (position, longest) = (0L, 0L);
        foreach (var length in known.GroupBy(content => content.Length).OrderBy(length => length.Key))
        {
            while (position < length.Key)
            {
                var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, length.Key - position)), stop);
                if (read == 0) return (longest, position > longest);
                hash.AppendData(buffer, 0, read);
                position += read;
            }
            var current = hash.GetCurrentHash();
            if (length.Any(content => current.AsSpan().SequenceEqual(content.Hash))) longest = position;
        }
        return (longest, position > longest);
    }

    /// <summary>Whether behind some bytes there is only the beginning of a line, which no import counts.</summary>
    private static async Task<bool> IsUnfinishedAsync(Func<Stream> open, long from, CancellationToken stop)
    {
        await using var content = open();
        var buffer = new byte[BufferSize];
        for (var left = from; left > 0;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, left)), stop);
            if (read == 0) return true;
            left -= read;
        }
        using var lines = new LogLines(content);
        while (!lines.TryNext())
            if (!await lines.FillAsync(stop)) return true;
        return !lines.Terminated && (AccessLogParser.Parse(lines.Line, out var line) != LineError.None || !line.Combined);
    }

    private static async Task<ulong?> StartAsync(Func<Stream> open, CancellationToken stop)
    {
        await using var content = open();
        using var lines = new LogLines(content);
        while (lines.TryNext() || await lines.FillAsync(stop))
        {
            if (!lines.TryNext()) continue;
            if (!lines.Line.IsEmpty) return ImportState.Fingerprint(lines.Line);
            lines.Take();
        }
        return null;
    }
}
