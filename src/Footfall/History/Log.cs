namespace Footfall.History;

internal static partial class Log
{
    [LoggerMessage(401, LogLevel.Error, "The history can't be written: {Reason} Hits are still counted, and the history catches up when "
        + "it can.")]
    public static partial void ProjectionFailed(this ILogger logger, string reason);

    [LoggerMessage(410, LogLevel.Error, "Part of the history can't be read, and queries for it return 503: {Reason}")]
    public static partial void PartUnreadable(this ILogger logger, string reason);

    [LoggerMessage(411, LogLevel.Error, "The day {Day} of {Site} can't be rolled up: {Reason} Queries read its hits instead, and the "
        + "rollup is tried again from time to time.")]
    public static partial void DayNotClosed(this ILogger logger, DateOnly day, string site, string reason);

    [LoggerMessage(402, LogLevel.Information, "The history continues at position {Position}.")]
    public static partial void ProjectionRecovered(this ILogger logger, long position);

    [LoggerMessage(403, LogLevel.Critical, "The history writer failed because of a bug; it tries again.")]
    public static partial void WriterDefect(this ILogger logger, Exception error);

    [LoggerMessage(404, LogLevel.Warning, "The history was made with another journal. Its data is kept, and the hits of this journal are "
        + "added to it from the beginning.")]
    public static partial void OtherJournal(this ILogger logger);

    [LoggerMessage(405, LogLevel.Error, "The history is ahead of the journal (position {History}, the journal ends at {Journal}): an "
        + "older journal was restored. The history continues from the end of the journal.")]
    public static partial void AheadOfJournal(this ILogger logger, long history, long journal);

    [LoggerMessage(406, LogLevel.Error, "The journal begins at position {Journal}, and the history ends at {History}: the hits in between "
        + "are in neither. Restore a backup of the history, or rebuild it from an export (footfall rebuild-history).")]
    public static partial void GapBeforeJournal(this ILogger logger, long journal, long history);

    [LoggerMessage(407, LogLevel.Information, "Rolled up {Days} days and {Months} months.")]
    public static partial void Closed(this ILogger logger, int days, int months);

    [LoggerMessage(408, LogLevel.Information, "Retention removed the hits of {Hits} days and the rollups of {Rollups} days.")]
    public static partial void Retained(this ILogger logger, int hits, int rollups);

    [LoggerMessage(409, LogLevel.Error, "The rates file {File} can't be read: {Reason}. The rates read earlier stay in use.")]
    public static partial void RatesUnreadable(this ILogger logger, string file, string reason);

    [LoggerMessage(412, LogLevel.Warning, "{Hits} hits are older than {Days} days, the retention set by Footfall:History:HitsDays and "
        + "RollupsDays. They are left out of the history, but still counted by country. Further ones are not logged, only counted in "
        + "footfall_history_hits_beyond_retention_total.")]
    public static partial void BeyondRetention(this ILogger logger, int hits, int days);

    [LoggerMessage(413, LogLevel.Warning, "A site sent more than {Limit} new texts in one day (paths, products, values of props); further "
        + "ones are stored as (other). Footfall:History:NewTextsPerDay sets the limit, and footfall_history_texts_limited_total counts "
        + "them.")]
    public static partial void TextsLimited(this ILogger logger, int limit);

    [LoggerMessage(420, LogLevel.Information, "All history data of {Site} was deleted: {Hits} hits.")]
    public static partial void SiteDeleted(this ILogger logger, string site, long hits);

    [LoggerMessage(421, LogLevel.Information, "The history file was rewritten to free disk space: {Before} MB before, {After} MB after.")]
    public static partial void Compacted(this ILogger logger, long before, long after);

    [LoggerMessage(422, LogLevel.Warning, "The history file could not be rewritten to free disk space: {Reason} Its free space is reused, "
        + "and the next attempt is in an hour.")]
    public static partial void NotCompacted(this ILogger logger, string reason);
}
