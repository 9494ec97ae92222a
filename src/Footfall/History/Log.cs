namespace Footfall.History;

internal static partial class Log
{
    [LoggerMessage(401, LogLevel.Error, "The history takes nothing: {Reason} Hits are counted all the same, and the history catches up when it can.")]
    public static partial void ProjectionFailed(this ILogger logger, string reason);

    [LoggerMessage(410, LogLevel.Error, "A part of the history can't be read, and questions about it are answered 503: {Reason}")]
    public static partial void PartUnreadable(this ILogger logger, string reason);

    [LoggerMessage(411, LogLevel.Error, "The day {Day} of {Site} can't be added up: {Reason} It is answered from its hits, and tried again from time to time.")]
    public static partial void DayNotClosed(this ILogger logger, DateOnly day, string site, string reason);

    [LoggerMessage(402, LogLevel.Information, "The history goes on at position {Position}.")]
    public static partial void ProjectionRecovered(this ILogger logger, long position);

    [LoggerMessage(403, LogLevel.Critical, "A defect in the history's writer; it tries again.")]
    public static partial void WriterDefect(this ILogger logger, Exception error);

    [LoggerMessage(404, LogLevel.Warning, "The history was made with another journal. What it has stays; the hits of this journal are added to it from the beginning.")]
    public static partial void OtherJournal(this ILogger logger);

    [LoggerMessage(405, LogLevel.Error, "The history is ahead of the journal (position {History}, the journal ends at {Journal}): an older journal was put back. It goes on from the journal's end.")]
    public static partial void AheadOfJournal(this ILogger logger, long history, long journal);

    [LoggerMessage(406, LogLevel.Error, "The journal begins at position {Journal}, and the history ends at {History}: the hits between are in neither. Restore a backup of the history, or make it anew of an export (footfall rebuild-history).")]
    public static partial void GapBeforeJournal(this ILogger logger, long journal, long history);

    [LoggerMessage(407, LogLevel.Information, "Added up {Days} days and {Months} months.")]
    public static partial void Closed(this ILogger logger, int days, int months);

    [LoggerMessage(408, LogLevel.Information, "Retention removed hits of {Hits} days and rollups of {Rollups} days.")]
    public static partial void Retained(this ILogger logger, int hits, int rollups);

    [LoggerMessage(409, LogLevel.Error, "The rates file {File} can't be read: {Reason}. The rates that were read before stay in use.")]
    public static partial void RatesUnreadable(this ILogger logger, string file, string reason);

    [LoggerMessage(412, LogLevel.Warning, "{Hits} hits are older than the {Days} days for which Footfall:History:HitsDays and RollupsDays keep anything, and are left out of the history; they are counted by country all the same. Further ones are not told, but in footfall_history_hits_beyond_retention_total.")]
    public static partial void BeyondRetention(this ILogger logger, int hits, int days);

    [LoggerMessage(413, LogLevel.Warning, "A site has brought more than {Limit} new texts in a day (paths, products, values of props); further ones are kept as (other). Footfall:History:NewTextsPerDay sets the limit, and footfall_history_texts_limited_total counts them.")]
    public static partial void TextsLimited(this ILogger logger, int limit);

    [LoggerMessage(420, LogLevel.Information, "All that the history had of {Site} is deleted: {Hits} hits.")]
    public static partial void SiteDeleted(this ILogger logger, string site, long hits);

    [LoggerMessage(421, LogLevel.Information, "The history was written anew to give space back: {Before} MB before, {After} MB after.")]
    public static partial void Compacted(this ILogger logger, long before, long after);

    [LoggerMessage(422, LogLevel.Warning, "The history could not be written anew to give space back: {Reason} Its free space is used again, and the next try is in an hour.")]
    public static partial void NotCompacted(this ILogger logger, string reason);
}
