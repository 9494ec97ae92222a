using System.Runtime.InteropServices;
using Footfall.Common;

namespace Footfall.Journal;

/// <summary>
/// Decides which hit opens a visit: one whose visitor has no other hit within 30 minutes before or after it. Hits may arrive late (a
/// tracker's offline queue), so a visitor has two slots: the newest visit and a late one.
/// </summary>
internal sealed class OpenVisits
{
    /// <summary>The gap that ends a visit, in milliseconds: what GA4 and Plausible use.</summary>
    public const long MaxGap = 30 * 60 * 1000;

    /// <summary>
    /// A hit of a request is at most a day old when it arrives; an older one was imported. In milliseconds, with an hour for clocks.
    /// </summary>
    private const long MaxRequestAge = 25 * 60 * 60 * 1000;

    /// <summary>The number of an import's visitors that are kept until they expire like others.</summary>
    private const int MinCleanupCount = 20_000;

    private readonly Dictionary<VisitorKey, VisitorState> _visitors = [];
    private readonly List<(VisitorKey Key, VisitorState Before)> _undo = [];

    private int _cleanupCount = MinCleanupCount;

    public int Count => _visitors.Count;

    /// <summary>Adds a hit.</summary>
    /// <param name="now">When the hit arrived: a visitor is removed <see cref="MaxGap"/> after the last arrival.</param>
    /// <returns>Whether it opened a visit.</returns>
    public bool Touch(Site site, ulong visitor, long time, long now)
    {
        var key = new VisitorKey(site.Index, visitor);
        ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_visitors, key, out _);
        _undo.Add((key, state));
        state.Arrived = Math.Max(state.Arrived, now);
        if (state.Newest.TryJoin(time) || state.Late.TryJoin(time)) return false;
        if (time > state.Newest.Last)
        {
            state.Late = state.Newest;
            state.Newest = new VisitSpan(time, time);
        }
        else state.Late = new VisitSpan(time, time);
        return true;
    }

    public void Commit() => _undo.Clear();

    public void Rollback()
    {
        for (var i = _undo.Count - 1; i >= 0; i--)
        {
            var (key, before) = _undo[i];
            if (before.Arrived == 0) _visitors.Remove(key);
            else _visitors[key] = before;
        }
        _undo.Clear();
    }

    /// <summary>Removes visitors whose last hit arrived before the gap.</summary>
    public void Evict(long now)
    {
        foreach (var (key, visitor) in _visitors)
            if (visitor.Arrived < now - MaxGap) _visitors.Remove(key);
    }

    /// <summary>Removes the visitors of a site.</summary>
    public void Evict(Site site)
    {
        foreach (var key in _visitors.Keys)
            if (key.Site == site.Index) _visitors.Remove(key);
    }

    /// <summary>
    /// Removes visitors of an import by the time of its hits: a log of years with millions of visitors is read within minutes. Scans all
    /// visitors only when they have doubled, so that the cost per hit is small.
    /// </summary>
    /// <param name="newest">The time of the import's newest hit. Visits that ended an hour before it are over: the gap, doubled for
    /// unsorted lines.</param>
    public void EvictImported(long newest)
    {
        if (_visitors.Count < _cleanupCount) return;
        foreach (var (key, visitor) in _visitors)
            if (visitor.Newest.Last < newest - 2 * MaxGap && visitor.Newest.Last < visitor.Arrived - MaxRequestAge) _visitors.Remove(key);
        _cleanupCount = Math.Max(MinCleanupCount, _visitors.Count * 2);
    }

    private readonly record struct VisitorKey(int Site, ulong Visitor);

    // Fields, not properties: they are modified in place inside the dictionary.
    private struct VisitorState
    {
        public VisitSpan Newest, Late;
        public long Arrived;
    }

    private struct VisitSpan(long first, long last)
    {
        public long First = first, Last = last;

        public bool TryJoin(long time)
        {
            if (Last == 0 || time > Last + MaxGap || time < First - MaxGap) return false;
            First = Math.Min(First, time);
            Last = Math.Max(Last, time);
            return true;
        }
    }
}
