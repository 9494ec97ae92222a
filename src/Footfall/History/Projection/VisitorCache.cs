using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Footfall.History.Schema;

namespace Footfall.History.Projection;

/// <summary>
/// Finds the visitor and the visit of a hit. Recent ones are cached, at most <see cref="Capacity"/>; while the cache has all of them, the
/// store is not queried. Not thread-safe.
/// </summary>
internal sealed class VisitorCache
{
    /// <summary>About 60 MB.</summary>
    private const int Capacity = 400_000;

    /// <summary>How long a visitor's hash is kept, in milliseconds: the lifetime of the salt plus an hour for hits in transit.</summary>
    public const long HashLifetime = 49 * 60 * 60 * 1000;

    /// <summary>The journal's gap that ends a visit, in milliseconds.</summary>
    private const long VisitGap = 30 * 60 * 1000;

    private readonly Dictionary<Key, Visitor> _visitors = [];
    private bool _complete;

    /// <summary>A visitor of one site and day: the hash includes the day.</summary>
    public readonly record struct Key(int Site, ulong Hash);

    private struct Visitor
    {
        public long Number;
        public VisitSpan Newest, Previous;
    }

    private struct VisitSpan
    {
        public long Visit, First, Last;

        public readonly long Distance(long time) =>
            Visit == 0 ? long.MaxValue : time < First ? First - time : time > Last ? time - Last : 0;
    }

    /// <summary>Reloads from the store.</summary>
    public void Load(DuckDBConnection connection)
    {
        _visitors.Clear();
        _complete = (connection.Scalar<long?>("SELECT count(*) FROM identities") ?? 0) <= Capacity;
        if (_complete) Add(connection, "");
    }

    /// <summary>Whether a visitor must be looked up in the store before <see cref="Find"/>.</summary>
    public bool IsMissing(Key key) => !_complete && !_visitors.ContainsKey(key);

    /// <summary>Reads visitors that are missing.</summary>
    public void Fetch(DuckDBConnection connection, IEnumerable<Key> missing)
    {
        connection.Execute("CREATE OR REPLACE TEMP TABLE wanted_visitors (site INTEGER, hash UBIGINT)");
        using (var wanted = connection.CreateAppender("temp", "main", "wanted_visitors"))
            foreach (var key in missing) wanted.CreateRow().AppendValue((int?)key.Site).AppendValue((ulong?)key.Hash).EndRow();
        Add(connection, "SEMI JOIN wanted_visitors w ON w.site = i.site AND w.hash = i.hash");
    }

    /// <summary>The visitor and the visit of a hit; both 0 if unknown.</summary>
    public (long Visitor, long Visit) Find(Key key, long time)
    {
        ref var visitor = ref CollectionsMarshal.GetValueRefOrNullRef(_visitors, key);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref visitor)) return (0, 0);
        // The journal has assigned the hit to a visit within the gap; of two, the nearer one.
        ref var span = ref visitor.Newest;
        if (visitor.Newest.Distance(time) > VisitGap && visitor.Previous.Distance(time) < visitor.Newest.Distance(time))
            span = ref visitor.Previous;
        span.First = Math.Min(span.First, time);
        span.Last = Math.Max(span.Last, time);
        return (visitor.Number, span.Visit);
    }

    /// <summary>The number of a visitor; 0 if unknown.</summary>
    public long NumberOf(Key key) => _visitors.TryGetValue(key, out var visitor) ? visitor.Number : 0;

    /// <summary>Adds a visit that began.</summary>
    public void AddVisit(Key key, long number, long visit, long time)
    {
        ref var visitor = ref CollectionsMarshal.GetValueRefOrAddDefault(_visitors, key, out _);
        visitor.Number = number;
        AddSpan(ref visitor, new VisitSpan { Visit = visit, First = time, Last = time });
    }

    /// <summary>Bounds the memory: lookups may need the store afterwards. Only between batches.</summary>
    public void Trim()
    {
        if (_visitors.Count <= Capacity) return;
        _visitors.Clear();
        _complete = false;
    }

    private static void AddSpan(ref Visitor visitor, VisitSpan span)
    {
        // Ordered by end, not start: the newest visit always ends last, but a late hit may move its start before the other's. So visits
        // read from the store keep their order.
        if (span.Last > visitor.Newest.Last)
        {
            visitor.Previous = visitor.Newest;
            visitor.Newest = span;
        }
        else visitor.Previous = span;
    }

    private void Add(DuckDBConnection connection, string join)
    {
        var rows = connection.Query($"""
            SELECT i.site, i.hash, i.visitor, i.visit, min(h.time), max(h.time)
            FROM identities i {join}
            JOIN hits h ON h.site = i.site AND h.day = i.day AND h.visit = i.visit
            GROUP BY ALL ORDER BY i.visit
            """);
        foreach (var row in rows)
        {
            var key = new Key(row.GetInt32(0), row.GetFieldValue<ulong>(1));
            ref var visitor = ref CollectionsMarshal.GetValueRefOrAddDefault(_visitors, key, out _);
            visitor.Number = row.GetInt64(2);
            AddSpan(ref visitor, new VisitSpan { Visit = row.GetInt64(3), First = row.GetInt64(4), Last = row.GetInt64(5) });
        }
    }
}
