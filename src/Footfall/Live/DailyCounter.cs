using System.Runtime.CompilerServices;

namespace Footfall.Live;

/// <summary>The daily counters besides those of the journal.</summary>
internal enum DailyCounter
{
    /// <summary>Visits begun.</summary>
    Visits,

    /// <summary>Visitors with a hit in a step of the day.</summary>
    Active,
    Pageviews,
    Carts,
    Checkouts,
    Orders,

    /// <summary>The value of orders in the site's currency, in millionths.</summary>
    Revenue,
}

/// <summary>A number for each <see cref="DailyCounter"/>.</summary>
[InlineArray(Count)]
internal struct DailyStats
{
    public const int Count = (int)DailyCounter.Revenue + 1;

    private long _first;

    public readonly long this[DailyCounter counter] => this[(int)counter];

    /// <summary>The maximum of <see cref="DailyCounter.Revenue"/>: nine times the largest order.</summary>
    private const decimal MaxRevenue = long.MaxValue / 1_000_000;

    /// <summary>Converts an amount to the unit of <see cref="DailyCounter.Revenue"/>.</summary>
    public static long ToMillionths(decimal amount) => (long)decimal.Round(Math.Min(amount, MaxRevenue) * 1_000_000);

    public void Add(DailyCounter counter, long amount) => this[(int)counter] = AddSaturating(this[(int)counter], amount);

    public void Add(in DailyStats other)
    {
        for (var i = 0; i < Count; i++) this[i] = AddSaturating(this[i], other[i]);
    }

    /// <summary>A saturating addition: it does not wrap below 0.</summary>
    private static long AddSaturating(long x, long y) => long.MaxValue - x < y ? long.MaxValue : x + y;
}
