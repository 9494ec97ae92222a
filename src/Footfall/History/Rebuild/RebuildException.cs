namespace Footfall.History.Rebuild;

/// <summary>The history can't be rebuilt from these files; the message says why. The old one is unchanged.</summary>
internal sealed class RebuildException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a rebuild did.</summary>
/// <param name="Hits">Hits in the new history, including those of bots.</param>
/// <param name="LeftToJournal">Hits after the cutoff, which come from the journal.</param>
/// <param name="Duplicates">Hits that were in several files.</param>
/// <param name="Days">The number of days, by site.</param>
/// <param name="Position">The cutoff: the history continues after this journal position.</param>
/// <param name="OldFile">Where the old history is kept; null if there was none.</param>
/// <param name="OldUnreadable">Whether the old history could not be read, so that the visitors of open visits are unknown.</param>
internal sealed record RebuildSummary(long Hits, long LeftToJournal, long Duplicates, int Days, long Position, string? OldFile,
    bool OldUnreadable);

/// <summary>The progress of a rebuild.</summary>
/// <param name="Activity">Such as <c>reading hits.ndjson</c>.</param>
/// <param name="Hits">Hits read so far.</param>
internal readonly record struct RebuildProgress(string Activity, long Hits);
