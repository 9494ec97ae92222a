namespace Footfall.Collect.AccessLog;

/// <summary>Looks for page views that are too old for the history before any line is counted: a log is known by how far it was read, and what was left out of it would be left out for good.</summary>
internal static class OldLines
{
    /// <param name="content">After decompression, from its beginning; disposed.</param>
    /// <param name="from">The bytes that are known already.</param>
    /// <returns>How many there are among the new lines.</returns>
    public static async Task<long> CountAsync(Stream content, long from, bool includeAssets, long oldest, CancellationToken stop)
    {
        await using var read = content;
        using var lines = new LogLines(read, from);
        var rule = new PageRule(includeAssets, long.MaxValue, oldest);
        var old = 0L;
        while (true)
        {
            while (!lines.TryNext())
                if (!await lines.FillAsync(stop)) return old;
            if (lines.Position >= from && IsOld(lines, rule)) old++;
            lines.Take();
        }
    }

    private static bool IsOld(LogLines lines, PageRule rule) =>
        !lines.TooLong && AccessLogParser.Parse(lines.Line, out var line) == LineError.None && rule.Judge(line) == LeftOut.Old;
}
