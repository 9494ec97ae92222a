using Footfall.History;
using Footfall.Query.Language;

namespace Footfall.Query.Answers;

/// <summary>How a value changed against that of the period before, as Plausible tells it.</summary>
internal static class Change
{
    /// <returns>Whole percent; points with at most one decimal for percentages; null where it can't be told.</returns>
    public static object? Of(Metric metric, object? before, object? now)
    {
        if (Amount(before) is not { } old || Amount(now) is not { } value) return null;
        if (before is Money { Currency: var one } && now is Money { Currency: var other } && one != other) return null;
        if (metric == Metric.BounceRate && old == 0) return null;
        if (metric.IsRate()) return Math.Round(value - old, 1, MidpointRounding.AwayFromZero);
        if (old == 0) return value == 0 ? 0L : 100L;
        return (long)Math.Round((value - old) / Math.Abs(old) * 100, MidpointRounding.AwayFromZero);
    }

    private static decimal? Amount(object? value) => value switch
    {
        long count => count,
        double number when double.IsFinite(number) && Math.Abs(number) < 1e20 => (decimal)number,
        decimal number => number,
        Money money => money.Total,
        _ => null,
    };
}
