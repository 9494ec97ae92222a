using System.Runtime.CompilerServices;

namespace Footfall.Live;

/// <summary>What is counted of a day besides what the journal counts itself.</summary>
internal enum Figure
{
    /// <summary>Visits begun.</summary>
    Visits,

    /// <summary>Visitors with a hit in a step of the day.</summary>
    Active,
    Pageviews,
    Carts,
    Checkouts,
    Orders,

    /// <summary>What the orders are worth in the site's currency, in millionths.</summary>
    Revenue,
}

/// <summary>A number for each <see cref="Figure"/>.</summary>
[InlineArray(Count)]
internal struct Figures
{
    public const int Count = (int)Figure.Revenue + 1;

    private long _first;

    public readonly long this[Figure figure] => this[(int)figure];

    /// <summary>The most that <see cref="Figure.Revenue"/> can tell: nine times the largest order.</summary>
    private const decimal MostRevenue = long.MaxValue / 1_000_000;

    /// <summary>An amount as <see cref="Figure.Revenue"/> has it.</summary>
    public static long Millionths(decimal amount) => (long)decimal.Round(Math.Min(amount, MostRevenue) * 1_000_000);

    public void Add(Figure figure, long amount) => this[(int)figure] = Sum(this[(int)figure], amount);

    public void Add(in Figures other)
    {
        for (var i = 0; i < Count; i++) this[i] = Sum(this[i], other[i]);
    }

    /// <summary>A number that is full stays so, and does not begin anew below 0.</summary>
    private static long Sum(long x, long y) => long.MaxValue - x < y ? long.MaxValue : x + y;
}
