using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Projection;
using Footfall.History.Schema;

namespace Footfall.History.Rebuild;

/// <summary>
/// Finds the visitors of open visits. Exports omit visitor hashes for privacy; the old history has them, and so has the journal for the
/// hits of the last hour, which is longer than the gap of a visit.
/// </summary>
internal sealed class IdentityRecovery(DuckDBConnection history)
{
    /// <summary>The number of journal hits per step.</summary>
    private const int ChunkSize = 100_000;

    private readonly record struct CommitKey(string Site, int Day, long Position);

    private readonly record struct JournalHit(long Time, byte Kind, ulong Hash, long CommittedAt);

    /// <summary>Copies the identities from an old history with the same visits.</summary>
    /// <param name="other">A DuckDB instance that may read files.</param>
    /// <param name="file">The old history.</param>
    /// <returns>False if it can't be read.</returns>
    public bool FromHistory(DuckDBConnection other, string file)
    {
        if (!File.Exists(file)) return true;
        try
        {
            other.Execute($"ATTACH {DuckDbExtensions.Quote(file)} AS old (READ_ONLY)");
            history.Execute(
                "CREATE OR REPLACE TEMP TABLE old_identities (domain VARCHAR, day DATE, hash UBIGINT, visitor BIGINT, visit BIGINT, seen " +
                "BIGINT, start BIGINT)");
            using (var rows = history.CreateAppender("temp", "main", "old_identities"))
            {
                foreach (var row in other.Query("""
                    SELECT s.domain, i.day, i.hash, i.visitor, i.visit, i.seen, o.start FROM old.identities i JOIN old.sites s
                    ON s.id = i.site
                    JOIN (SELECT site, day, visit, start FROM old.opened UNION ALL SELECT site, day, visit, start FROM old.visits) o
                    ON o.site = i.site AND o.day = i.day AND o.visit = i.visit
                    """))
                    rows.CreateRow().AppendValue(row.GetString(0)).AppendValue((DateOnly?)row.GetFieldValue<DateOnly>(1))
                        .AppendValue((ulong?)row.GetFieldValue<ulong>(2))
                        .AppendValue((long?)row.GetInt64(3)).AppendValue((long?)row.GetInt64(4)).AppendValue((long?)row.GetInt64(5))
                        .AppendValue((long?)row.GetInt64(6)).EndRow();
            }
            other.Execute("DETACH old");
        }
        catch (DuckDBException)
        {
            return false;
        }
        history.Execute("""
            INSERT INTO identities SELECT o.site, o.day, i.hash, i.visitor, i.visit, i.seen FROM old_identities i JOIN sites s
            ON s.domain = i.domain
            JOIN opened o ON o.site = s.id AND o.day = i.day AND o.visit = i.visit AND o.visitor = i.visitor AND o.start = i.start
            """);
        history.Execute("DROP TABLE old_identities");
        return true;
    }

    /// <summary>Copies the identities of hits that are also in the journal.</summary>
    /// <param name="cutoff">The last position in the history.</param>
    public void FromJournal(IHitSource source, long cutoff)
    {
        var known = history.Query("SELECT visit FROM identities").Select(row => row.GetInt64(0)).ToHashSet();
        var clocks = new Dictionary<Site, LocalTimeCache>();
        for (var after = 0L; after < cutoff;)
        {
            var hitsByCommit = new Dictionary<CommitKey, List<JournalHit>>();
            var last = source.Read(after, ChunkSize, (in batch, in hit, _, _) =>
            {
                if (hit.Bot || batch.Position > cutoff) return;
                if (!clocks.TryGetValue(hit.Site, out var clock)) clocks[hit.Site] = clock = new LocalTimeCache(hit.Site);
                var commit = new CommitKey(hit.Site.Domain, clock.Convert(hit.Time).Day, batch.Position);
                if (!hitsByCommit.TryGetValue(commit, out var hits)) hitsByCommit[commit] = hits = [];
                hits.Add(new JournalHit(hit.Time, (byte)hit.Kind, hit.Visitor, batch.CommittedAt));
            });
            if (last is not { } read) break;
            Match(hitsByCommit, after, Math.Min(read.Position, cutoff), known);
            after = read.Position;
        }
    }

    /// <summary>Both are in journal order; a hit that is not in the history is skipped.</summary>
    private void Match(Dictionary<CommitKey, List<JournalHit>> hitsByCommit, long after, long until, HashSet<long> known)
    {
        var found = new List<(int Site, int Day, ulong Hash, long Visitor, long Visit, long At)>();
        var (current, next) = (default(CommitKey), 0);
        foreach (var row in history.Query($"""
            SELECT s.domain, h.site, h.day - {DimensionColumns.Epoch}, h.position, h.time, h.kind, h.visit, h.visitor FROM hits h
            JOIN sites s ON s.id = h.site
            WHERE h.position > {after} AND h.position <= {until} ORDER BY h.site, h.day, h.position, h.rowid
            """))
        {
            var commit = new CommitKey(row.GetString(0), (int)row.GetInt64(2), row.GetInt64(3));
            if (commit != current) (current, next) = (commit, 0);
            if (!hitsByCommit.TryGetValue(commit, out var hits)) continue;
            var (time, kind) = (row.GetInt64(4), (byte)row.GetFieldValue<sbyte>(5));
            if (kind == StoredHitKind.RepeatedPurchase) kind = (byte)HitKind.Purchase;
            var match = hits.FindIndex(next, hit => hit.Time == time && hit.Kind == kind);
            if (match < 0) continue;
            next = match + 1;
            if (hits[match].Hash != 0 && known.Add(row.GetInt64(6)))
                found.Add((row.GetInt32(1), commit.Day, hits[match].Hash, row.GetInt64(7), row.GetInt64(6), hits[match].CommittedAt));
        }
        using var identities = history.CreateAppender("identities");
        foreach (var (site, day, hash, visitor, visit, seen) in found)
            identities.CreateRow().AppendValue((int?)site).AppendValue((DateOnly?)LocalDay.DateOf(day)).AppendValue((ulong?)hash)
                .AppendValue((long?)visitor)
                .AppendValue((long?)visit).AppendValue((long?)seen).EndRow();
    }
}
