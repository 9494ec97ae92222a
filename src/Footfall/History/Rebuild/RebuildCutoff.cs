using Footfall.History.Export;

namespace Footfall.History.Rebuild;

/// <summary>Where the exports end and the journal continues.</summary>
/// <param name="Journal">The journal of the positions; null for none.</param>
/// <param name="Position">The position that becomes the progress of the history.</param>
/// <param name="LastPosition">Hits up to here are taken.</param>
internal sealed record RebuildCutoff(Guid? Journal, long Position, long LastPosition)
{
    /// <summary>
    /// If the files were created one after another, the earliest decides: later hits are missing in one of them, but are in the journal.
    /// </summary>
    /// <exception cref="RebuildException">Exports and journal don't fit together.</exception>
    public static RebuildCutoff Find(IReadOnlyList<StagingDatabase.SnapshotMark> marks, IReadOnlyList<string> files, IHitSource source)
    {
        if (marks.Count == 0) throw new RebuildException("The exports have no hits: there is nothing to rebuild the history from.");
        var read = marks.Select(mark => (File: files[mark.File], Mark: Parse(mark, files), mark.Last)).ToList();
        if (read.DistinctBy(each => each.Mark.Journal).Count() > 1)
            throw new RebuildException($"The exports come from histories of different journals "
                + $"({string.Join(", ", read.DistinctBy(each => each.Mark.Journal).Select(each => each.File))}): they can't be combined.");
        var earliest = read.MinBy(each => each.Mark.Position);
        var journal = earliest.Mark.Journal;
        // Positions of another journal are meaningless: all hits are taken, and everything in the journal is added. The history then has no
        // journal, since the present one never had these hits.
        if (journal != source.Identity) return new RebuildCutoff(null, 0, long.MaxValue);
        if (earliest.Mark.Position >= source.LastPosition) return new RebuildCutoff(journal, earliest.Mark.Position, long.MaxValue);
        if (read.FirstOrDefault(each => each.Last > each.Mark.Position) is { File: not null } mixed)
            throw new RebuildException($"{mixed.File} has hits from a different journal than the current one, so positions do not show "
                + $"which hits came in after the export. " +
                "Export again while no hits come in, stop the server, and use that file.");
        if (source.NextAfter(earliest.Mark.Position) is { } next && next.Position > earliest.Mark.Position + 1)
            throw new RebuildException($"{earliest.File} ends at position {earliest.Mark.Position}, and the journal begins at "
                + $"{next.Position}: the hits in between would be lost. Start the server with the old history, and export again.");
        return new RebuildCutoff(journal, earliest.Mark.Position, earliest.Mark.Position);
    }

    private static (Guid Journal, long Position) Parse(in StagingDatabase.SnapshotMark mark, IReadOnlyList<string> files)
    {
        if (mark.Snapshot.EndsWith(HitExport.PartialMark, StringComparison.Ordinal))
            throw new RebuildException($"{files[mark.File]} has partial days, and so partial visits: export whole days, such as "
                + $"date_range=all.");
        if (mark.Snapshot.Split('/') is not [var id, var position, var rows, .. var flags] || flags is not ([] or [HitExport.KeyedMark])
            || !Guid.TryParse(id, out var journal) || !long.TryParse(position, out var markPosition) || !long.TryParse(rows, out var count))
            throw new RebuildException($"{files[mark.File]} has a column snapshot that can't be read: {mark.Snapshot}.");
        if (count != mark.Rows)
            throw new RebuildException($"{files[mark.File]} has {mark.Rows} of the {count} hits of {mark.Site} that were exported: the "
                + $"download was interrupted, or lines were removed. Export it again.");
        return (journal, markPosition);
    }
}
