using DuckDB.NET.Data;
using Footfall.History.Planning;
using Footfall.History.Store;
using Footfall.Words;

namespace Footfall.History.Rebuild;

/// <summary>
/// Finds out whose visits the open ones are. Exports don't tell, since the hashes of visitors are nobody's business; the old history does, and so does the journal for the hits
/// that it still has: those of the last hour, which is longer than a visit may pause.
/// </summary>
internal sealed class IdentityRecovery(DuckDBConnection history)
{
    /// <summary>The hits of the journal that are looked at together.</summary>
    private const int Piece = 100_000;

    private readonly record struct Place(string Site, int Day, long Position);

    private readonly record struct Seen(long Time, byte Kind, ulong Hash, long At);

    /// <summary>Takes the identities of an old history whose visits are the same.</summary>
    /// <param name="other">An instance that may read files.</param>
    /// <param name="file">The old history.</param>
    /// <returns>False where it can't be read.</returns>
    public bool FromHistory(DuckDBConnection other, string file)
    {
        if (!File.Exists(file)) return true;
        try
        {
            other.Run($"ATTACH {DuckDbCommands.Quoted(file)} AS old (READ_ONLY)");
            history.Run("CREATE OR REPLACE TEMP TABLE old_identities (domain VARCHAR, day DATE, hash UBIGINT, visitor BIGINT, visit BIGINT, seen BIGINT, start BIGINT)");
            using (var rows = history.CreateAppender("temp", "main", "old_identities"))
            {
                foreach (var row in other.Query("""
                    SELECT s.domain, i.day, i.hash, i.visitor, i.visit, i.seen, o.start FROM old.identities i JOIN old.sites s ON s.id = i.site
                    JOIN (SELECT site, day, visit, start FROM old.opened UNION ALL SELECT site, day, visit, start FROM old.visits) o ON o.site = i.site AND o.day = i.day AND o.visit = i.visit
                    """))
                    rows.CreateRow().AppendValue(row.GetString(0)).AppendValue((DateOnly?)row.GetFieldValue<DateOnly>(1)).AppendValue((ulong?)row.GetFieldValue<ulong>(2))
                        .AppendValue((long?)row.GetInt64(3)).AppendValue((long?)row.GetInt64(4)).AppendValue((long?)row.GetInt64(5)).AppendValue((long?)row.GetInt64(6)).EndRow();
            }
            other.Run("DETACH old");
        }
        catch (DuckDBException)
        {
            return false;
        }
        history.Run("""
            INSERT INTO identities SELECT o.site, o.day, i.hash, i.visitor, i.visit, i.seen FROM old_identities i JOIN sites s ON s.domain = i.domain
            JOIN opened o ON o.site = s.id AND o.day = i.day AND o.visit = i.visit AND o.visitor = i.visitor AND o.start = i.start
            """);
        history.Run("DROP TABLE old_identities");
        return true;
    }

    /// <summary>Takes the identities of hits that are in the journal too.</summary>
    /// <param name="border">The last position that is in the history.</param>
    public void FromJournal(IHitSource source, long border)
    {
        var known = history.Query("SELECT visit FROM identities").Select(row => row.GetInt64(0)).ToHashSet();
        var clocks = new Dictionary<Site, LocalTime>();
        for (var after = 0L; after < border;)
        {
            var places = new Dictionary<Place, List<Seen>>();
            var last = source.Read(after, Piece, (in batch, in hit, _, _) =>
            {
                if (hit.Bot || batch.Position > border) return;
                if (!clocks.TryGetValue(hit.Site, out var clock)) clocks[hit.Site] = clock = new LocalTime(hit.Site);
                var place = new Place(hit.Site.Domain, clock.Of(hit.Time).Day, batch.Position);
                if (!places.TryGetValue(place, out var hits)) places[place] = hits = [];
                hits.Add(new Seen(hit.Time, (byte)hit.Kind, hit.Visitor, batch.CommittedAt));
            });
            if (last is not { } read) break;
            Match(places, after, Math.Min(read.Position, border), known);
            after = read.Position;
        }
    }

    /// <summary>Both are in the order of the journal; a hit that the history has not is passed over.</summary>
    private void Match(Dictionary<Place, List<Seen>> places, long after, long until, HashSet<long> known)
    {
        var found = new List<(int Site, int Day, ulong Hash, long Visitor, long Visit, long At)>();
        var (at, next) = (default(Place), 0);
        foreach (var row in history.Query($"""
            SELECT s.domain, h.site, h.day - {Columns.Epoch}, h.position, h.time, h.kind, h.visit, h.visitor FROM hits h JOIN sites s ON s.id = h.site
            WHERE h.position > {after} AND h.position <= {until} ORDER BY h.site, h.day, h.position, h.rowid
            """))
        {
            var place = new Place(row.GetString(0), (int)row.GetInt64(2), row.GetInt64(3));
            if (place != at) (at, next) = (place, 0);
            if (!places.TryGetValue(place, out var hits)) continue;
            var (time, kind) = (row.GetInt64(4), (byte)row.GetFieldValue<sbyte>(5));
            if (kind == StoredKind.RepeatedPurchase) kind = (byte)HitKind.Purchase;
            var match = hits.FindIndex(next, hit => hit.Time == time && hit.Kind == kind);
            if (match < 0) continue;
            next = match + 1;
            if (hits[match].Hash != 0 && known.Add(row.GetInt64(6))) found.Add((row.GetInt32(1), place.Day, hits[match].Hash, row.GetInt64(7), row.GetInt64(6), hits[match].At));
        }
        using var identities = history.CreateAppender("identities");
        foreach (var (site, day, hash, visitor, visit, seen) in found)
            identities.CreateRow().AppendValue((int?)site).AppendValue((DateOnly?)LocalDay.DateOf(day)).AppendValue((ulong?)hash).AppendValue((long?)visitor)
                .AppendValue((long?)visit).AppendValue((long?)seen).EndRow();
    }
}
