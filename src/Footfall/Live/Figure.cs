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

    public void Add(Figure figure, long amount) => this[(int)figure] += amount;

    public void Add(in Figures other)
    {
        for (var i = 0; i < Count; i++) this[i] += other[i];
    }
}
