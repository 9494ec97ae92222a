namespace Footfall.Journal;

internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Error, "The journal can't be written: {Reason} Hits are answered 503 until it can.")]
    public static partial void CommitFailed(this ILogger logger, string reason, Exception? error);

    [LoggerMessage(102, LogLevel.Information, "The journal can be written again.")]
    public static partial void CommitRecovered(this ILogger logger);

    [LoggerMessage(103, LogLevel.Information, "Read back {Hits} hits of the last 35 minutes, {Keys} keys and {Counters} counters.")]
    public static partial void JournalLoaded(this ILogger logger, long hits, int keys, int counters);

    [LoggerMessage(104, LogLevel.Critical, "A defect in the journal's writer; the hits of this commit are answered 503.")]
    public static partial void WriterDefect(this ILogger logger, Exception error);

    [LoggerMessage(106, LogLevel.Error, "{Sentence}")]
    public static partial void JournalBehind(this ILogger logger, string sentence);

    [LoggerMessage(107, LogLevel.Warning,
        "journal.mark can't be written ({Reason}): damage of the journal may go unnoticed. Hits are counted.")]
    public static partial void MarkWriteFailed(this ILogger logger, string reason);

    [LoggerMessage(110, LogLevel.Error, "Salts older than 48 hours could not be destroyed ({Reason}); the next try is in a minute.")]
    public static partial void SaltsNotDestroyed(this ILogger logger, string reason);

    [LoggerMessage(105, LogLevel.Error, "A defect in the live picture: it may be wrong until the next start. The hits are counted.")]
    public static partial void LiveUpdateFailed(this ILogger logger, Exception error);
}
