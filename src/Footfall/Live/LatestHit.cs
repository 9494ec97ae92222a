using Footfall.Words;

namespace Footfall.Live;

/// <summary>One of the latest hits, as everybody may see it: nothing in it tells who it was.</summary>
/// <param name="Number">Grows with each hit of the site that is shown, from 1.</param>
/// <param name="Time">Unix time in milliseconds.</param>
/// <param name="Name">What happened, as on the wire.</param>
/// <param name="Page">The path; null for none. At most <see cref="HitDetails.LongestText"/> characters, as the next two.</param>
/// <param name="Item">The first product; null for none.</param>
/// <param name="Value">What it is worth in <paramref name="Currency"/>.</param>
/// <param name="Currency">ISO 4217; null for the site's.</param>
/// <param name="Visit">Whether a visit began with it.</param>
internal readonly record struct LatestHit(long Number, long Time, Country Country, string Name, string? Page, string? Item, decimal? Value, string? Currency, bool Visit);

/// <summary>The latest hits of a site, and no more of them than a person can read. Not safe for several threads.</summary>
internal sealed class LatestHits
{
    /// <summary>How many a new watcher gets.</summary>
    public const int Kept = 30;

    /// <summary>
    /// How many are taken in each <see cref="Span"/>, and as many orders and refunds besides, which nobody wants to miss: the others are counted, but not shown one by one.
    /// It bounds what a hit costs here, and what a watcher gets.
    /// </summary>
    public const int TakenPerSpan = 3;

    private const long Span = 100;

    private readonly LatestHit[] _hits = new LatestHit[Kept];
    private long _newest, _cleared, _span;
    private int _taken, _ordersTaken;

    /// <summary>Whether a hit is shown that comes at a moment.</summary>
    public bool Takes(HitKind kind, Moment moment)
    {
        var span = moment.Milliseconds / Span;
        if (span != _span) (_span, _taken, _ordersTaken) = (span, 0, 0);
        return (IsOrder(kind) ? _ordersTaken : _taken) < TakenPerSpan;
    }

    public void Add(in Hit hit, in HitDetails details, bool visit)
    {
        if (IsOrder(hit.Kind)) _ordersTaken++;
        else _taken++;
        _newest++;
        _hits[_newest % Kept] = new LatestHit(
            _newest, hit.Time, hit.Country, HitKinds.NameOf(hit.Kind) ?? details.Name ?? "event", details.Page, details.Item,
            details.Value ?? (hit.Kind == HitKind.Purchase ? details.ItemsValue : null), details.Currency, visit);
    }

    /// <summary>Forgets them. Numbers go on: one is never used again.</summary>
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
        for (var number = Math.Max(_cleared, _newest - Kept) + 1; number <= _newest; number++) hits.Add(_hits[number % Kept]);
    }
}
