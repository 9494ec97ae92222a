namespace Footfall.Import.AccessLog;

/// <summary>
/// Looks for page views that are too old for the history before any line is counted: a log is known by how far it was read, and what was
/// left out of it would be left out for good.
/// </summary>
internal static class ExpiredLineCounter
{
    /// <param name="content">After decompression, from its beginning; disposed.</param>
    /// <param name="from">The bytes that are already imported.</param>
    /// <returns>How many there are among the new lines.</returns>
    public static async Task<long> CountAsync(Stream content, long from, bool includeAssets, long oldest,
        CancellationToken cancellationToken)
    {
        await using var read = content;
        using var lines = new LogLineReader(read, from);
        var rule = new PageViewFilter(includeAssets, long.MaxValue, oldest);
        var old = 0L;
        while (true)
        {
            while (!lines.TryPeek())
                if (!await lines.FillAsync(cancellationToken)) return old;
            if (lines.Position >= from && IsExpired(lines, rule)) old++;
            lines.Advance();
        }
    }

    private static bool IsExpired(LogLineReader lines, PageViewFilter rule) =>
        !lines.IsTooLong && AccessLogParser.Parse(lines.Line, out var line) == LogLineError.None
            && rule.GetSkipReason(line) == SkipReason.Old;
}
