using Footfall.Common;

namespace Footfall.Live;

/// <summary>One of the latest hits, without anything that identifies the visitor, since it is public.</summary>
/// <param name="Number">Grows with each hit of the site that is shown, from 1.</param>
/// <param name="Time">Unix time in milliseconds.</param>
/// <param name="Name">The event name, as in the API.</param>
/// <param name="Page">The path; null for none. At most <see cref="LiveHitDetails.MaxTextLength"/> characters, as the next two.</param>
/// <param name="Item">The first product; null for none.</param>
/// <param name="Value">The value in <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217; null for the site's.</param>
/// <param name="OpenedVisit">Whether a visit began with it.</param>
internal readonly record struct LatestHit(long Number, long Time, Country Country, string Name, string? Page, string? Item, decimal? Value,
    string? Currency, bool OpenedVisit);

/// <summary>The latest hits of a site, limited to what a person can read. Not thread-safe.</summary>
internal sealed class LatestHits
{
    /// <summary>The number of hits that a new subscriber gets.</summary>
    public const int Capacity = 30;

    /// <summary>
    /// The most hits shown per <see cref="IntervalMilliseconds"/>, plus as many orders and refunds, which must not be missed: the others
    /// are counted but not shown individually. It bounds the cost per hit and the data per subscriber.
    /// </summary>
    public const int MaxPerInterval = 3;

    private const long IntervalMilliseconds = 100;

    private readonly LatestHit[] _hits = new LatestHit[Capacity];
    private long _newest, _cleared, _interval;
    private int _shown, _ordersShown;

    /// <summary>Whether to show a hit that arrives at a moment.</summary>
    public bool HasRoomFor(HitKind kind, LiveTime liveTime)
    {
        var interval = liveTime.Milliseconds / IntervalMilliseconds;
        if (interval != _interval) (_interval, _shown, _ordersShown) = (interval, 0, 0);
        return (IsOrder(kind) ? _ordersShown : _shown) < MaxPerInterval;
    }

    public void Add(in Hit hit, in LiveHitDetails details, bool visit)
    {
        if (IsOrder(hit.Kind)) _ordersShown++;
        else _shown++;
        _newest++;
        _hits[_newest % Capacity] = new LatestHit(
            _newest, hit.Time, hit.Country, HitKindNames.Get(hit.Kind) ?? details.Name ?? "event", details.Page, details.Item,
            details.Value ?? (hit.Kind == HitKind.Purchase ? details.ItemsValue : null), details.Currency, visit);
    }

    /// <summary>Removes all hits. Numbers continue and are never reused.</summary>
    public void Clear()
    {
        Array.Clear(_hits);
        _cleared = _newest;
    }

    private static bool IsOrder(HitKind kind) => kind is HitKind.Purchase or HitKind.Refund;

    /// <summary>Copies them, oldest first.</summary>
    public void CopyTo(List<LatestHit> hits)
    {
        hits.Clear();
        for (var number = Math.Max(_cleared, _newest - Capacity) + 1; number <= _newest; number++) hits.Add(_hits[number % Capacity]);
    }
}
