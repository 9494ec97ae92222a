using System.Runtime.InteropServices;
using Footfall.Words;

namespace Footfall.Journal;

/// <summary>
/// Decides which hit opens a visit: one whose visitor has no other hit within 30 minutes before or after it.
/// Hits may arrive late (a tracker's offline queue), so a visitor has two places: the newest visit and a late one.
/// </summary>
internal sealed class OpenVisits
{
    /// <summary>The gap that ends a visit, in milliseconds: what GA4 and Plausible use.</summary>
    public const long Gap = 30 * 60 * 1000;

    /// <summary>A hit of a request is at most a day old when it arrives; an older one was imported. In milliseconds, with an hour for clocks.</summary>
    private const long OldestOfRequests = 25 * 60 * 60 * 1000;

    /// <summary>Up to this many visitors an import may leave until they are forgotten like others.</summary>
    private const int FewVisitors = 20_000;

    private readonly Dictionary<Key, Visitor> _visitors = [];
    private readonly List<(Key Key, Visitor Before)> _undo = [];

    private int _forgetAt = FewVisitors;

    public int Count => _visitors.Count;

    /// <summary>Notes a hit.</summary>
    /// <param name="now">When the hit arrived: a visitor is forgotten <see cref="Gap"/> after the last arrival.</param>
    /// <returns>Whether it opened a visit.</returns>
    public bool Touch(Site site, ulong visitor, long time, long now)
    {
        var key = new Key(site.Index, visitor);
        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_visitors, key, out _);
        _undo.Add((key, seen));
        seen.Arrived = Math.Max(seen.Arrived, now);
        if (seen.Newest.TryJoin(time) || seen.Late.TryJoin(time)) return false;
        if (time > seen.Newest.Last)
        {
            seen.Late = seen.Newest;
            seen.Newest = new Span(time, time);
        }
        else seen.Late = new Span(time, time);
        return true;
    }

    public void Keep() => _undo.Clear();

    public void Undo()
    {
        for (var i = _undo.Count - 1; i >= 0; i--)
        {
            var (key, before) = _undo[i];
            if (before.Arrived == 0) _visitors.Remove(key);
            else _visitors[key] = before;
        }
        _undo.Clear();
    }

    /// <summary>Forgets visitors whose last hit arrived before the gap.</summary>
    public void Forget(long now)
    {
        foreach (var (key, visitor) in _visitors)
            if (visitor.Arrived < now - Gap) _visitors.Remove(key);
    }

    /// <summary>Forgets the visitors of a site.</summary>
    public void Forget(Site site)
    {
        foreach (var key in _visitors.Keys)
            if (key.Site == site.Index) _visitors.Remove(key);
    }

    /// <summary>
    /// Forgets visitors of an import by the time of its own hits: a log of years with millions of visitors passes within minutes. Looks at all
    /// visitors only when there are twice as many as the last time, so that it costs little by the hit.
    /// </summary>
    /// <param name="newest">The time of the import's newest hit. Visits that ended an hour before it are over: the gap, and as much again for
    /// lines that are not in the order of time.</param>
    public void ForgetImported(long newest)
    {
        if (_visitors.Count < _forgetAt) return;
        foreach (var (key, visitor) in _visitors)
            if (visitor.Newest.Last < newest - 2 * Gap && visitor.Newest.Last < visitor.Arrived - OldestOfRequests) _visitors.Remove(key);
        _forgetAt = Math.Max(FewVisitors, _visitors.Count * 2);
    }

    private readonly record struct Key(int Site, ulong Visitor);

    // Fields, not properties: they are changed in place, inside the dictionary.
    private struct Visitor
    {
        public Span Newest, Late;
        public long Arrived;
    }

    private struct Span(long first, long last)
    {
        public long First = first, Last = last;

        public bool TryJoin(long time)
        {
            if (Last == 0 || time > Last + Gap || time < First - Gap) return false;
            First = Math.Min(First, time);
            Last = Math.Max(Last, time);
            return true;
        }
    }
}
