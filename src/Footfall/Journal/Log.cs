namespace Footfall.Journal;

internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Error, "The journal can't be written: {Reason} Hits get a 503 response until it can.")]
    public static partial void CommitFailed(this ILogger logger, string reason, Exception? error);

    [LoggerMessage(102, LogLevel.Information, "The journal can be written again.")]
    public static partial void CommitRecovered(this ILogger logger);

    [LoggerMessage(103, LogLevel.Information, "Read back {Hits} hits of the last 35 minutes, {Keys} keys and {Counters} counters.")]
    public static partial void JournalLoaded(this ILogger logger, long hits, int keys, int counters);

    [LoggerMessage(104, LogLevel.Critical, "The journal writer failed because of a bug; the hits of this commit get a 503 response.")]
    public static partial void WriterDefect(this ILogger logger, Exception error);

    [LoggerMessage(106, LogLevel.Error, "{Sentence}")]
    public static partial void JournalBehind(this ILogger logger, string sentence);

    [LoggerMessage(107, LogLevel.Warning,
        "journal.mark can't be written ({Reason}): damage to the journal may go unnoticed. Hits are still counted.")]
    public static partial void MarkWriteFailed(this ILogger logger, string reason);

    [LoggerMessage(110, LogLevel.Error, "Salts older than 48 hours could not be destroyed ({Reason}); the next attempt is in a minute.")]
    public static partial void SaltsNotDestroyed(this ILogger logger, string reason);

    [LoggerMessage(105, LogLevel.Error, "The live statistics failed because of a bug: they may be wrong until the next start. Hits are "
        + "still counted.")]
    public static partial void LiveUpdateFailed(this ILogger logger, Exception error);
}
