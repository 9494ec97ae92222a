namespace Footfall.History.Rebuild;

/// <summary>The history can't be rebuilt from these files; the message says why. The old one is unchanged.</summary>
internal sealed class RebuildException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a rebuild did.</summary>
/// <param name="Hits">Hits in the new history, including those of bots.</param>
/// <param name="LeftToJournal">Hits after the border, which the journal brings.</param>
/// <param name="Duplicates">Hits that stood in several files.</param>
/// <param name="Days">Days by site.</param>
/// <param name="Position">The border: the history goes on behind this position of the journal.</param>
/// <param name="OldFile">Where the old history is kept; null where there was none.</param>
/// <param name="OldUnreadable">Whether the old history could not be read, so that it did not tell whose visits the open ones are.</param>
internal sealed record RebuildSummary(long Hits, long LeftToJournal, long Duplicates, int Days, long Position, string? OldFile,
    bool OldUnreadable);

/// <summary>Told how far a rebuild is.</summary>
/// <param name="Activity">Such as <c>reading hits.ndjson</c>.</param>
/// <param name="Hits">So many by now.</param>
internal readonly record struct RebuildProgress(string Activity, long Hits);
