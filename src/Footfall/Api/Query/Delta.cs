using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>The change of a value against the previous period, as in Plausible.</summary>
internal static class Delta
{
    /// <summary>The maximum change: JSON readers represent integers exactly up to nine times this value.</summary>
    private const double MaxPercent = 1e15;

    /// <returns>Whole percent; points with at most one decimal where the metric has them; null if undefined.</returns>
    public static object? Compute(Metric metric, object? before, object? now)
    {
        if (ToAmount(before) is not { } old || ToAmount(now) is not { } value) return null;
        if (before is Money { Currency: var one } && now is Money { Currency: var other } && one != other) return null;
        if (metric == Metric.BounceRate && old == 0) return null;
        if (metric.Get().ChangesInPoints) return Math.Round(value - old, 1, MidpointRounding.AwayFromZero);
        if (old == 0) return value == 0 ? 0L : 100L;
        // From a millionth to a trillion is more than the number holds.
        var change = (double)(value - old) / (double)Math.Abs(old) * 100;
        return Math.Abs(change) < MaxPercent ? (long)Math.Round((value - old) / Math.Abs(old) * 100, MidpointRounding.AwayFromZero)
            : (long)Math.CopySign(MaxPercent, change);
    }

    private static decimal? ToAmount(object? value) => value switch
    {
        long count => count,
        double number when double.IsFinite(number) && Math.Abs(number) < 1e20 => (decimal)number,
        decimal number => number,
        Money money => money.Total,
        _ => null,
    };
}
