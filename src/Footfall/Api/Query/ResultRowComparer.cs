using Footfall.Common;

namespace Footfall.Api.Query;

/// <summary>Sorts rows that the history could not sort.</summary>
/// <param name="keys">The sort keys, most significant first. Ties are broken by the dimensions.</param>
internal sealed class ResultRowComparer(IReadOnlyList<OrderByKey> keys) : IComparer<ResultRow>
{
    /// <summary>The rows of a page.</summary>
    public List<ResultRow> SortPage(List<ResultRow> rows, Pagination page)
    {
        rows.Sort(this);
        return [.. rows.Skip(page.Offset).Take(page.Limit)];
    }

    public int Compare(ResultRow? left, ResultRow? right)
    {
        foreach (var key in keys)
        {
            var difference = key.MetricIndex >= 0
                ? ToNumber(left!.Metrics[key.MetricIndex]).CompareTo(ToNumber(right!.Metrics[key.MetricIndex]))
                : CodePointComparer.Compare(left!.Dimensions[key.DimensionIndex], right!.Dimensions[key.DimensionIndex]);
            if (difference != 0) return key.Descending ? -difference : difference;
        }
        for (var i = 0; i < left!.Dimensions.Length; i++)
            if (CodePointComparer.Compare(left.Dimensions[i], right!.Dimensions[i]) is not 0 and var difference) return difference;
        return 0;
    }

    /// <summary>Null is less than any value.</summary>
    private static double ToNumber(object? value) => value switch
    {
        long count => count,
        double number => number,
        decimal number => (double)number,
        Money { Total: { } total } => (double)total,
        _ => double.NegativeInfinity,
    };
}
