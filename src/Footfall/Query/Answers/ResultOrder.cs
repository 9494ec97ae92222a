using Footfall.History;
using Footfall.Query.Language;
using Footfall.Words;

namespace Footfall.Query.Answers;

/// <summary>Puts rows in order that the history could not.</summary>
/// <param name="keys">In falling weight. Ties are broken by the dimensions.</param>
internal sealed class ResultOrder(IReadOnlyList<OrderKey> keys) : IComparer<ResultRow>
{
    /// <summary>The rows of a page.</summary>
    public List<ResultRow> Page(List<ResultRow> rows, Page page)
    {
        rows.Sort(this);
        return [.. rows.Skip(page.Offset).Take(page.Limit)];
    }

    public int Compare(ResultRow? left, ResultRow? right)
    {
        foreach (var key in keys)
        {
            var difference = key.Metric >= 0
                ? Amount(left!.Metrics[key.Metric]).CompareTo(Amount(right!.Metrics[key.Metric]))
                : TextOrder.Compare(left!.Dimensions[key.Dimension], right!.Dimensions[key.Dimension]);
            if (difference != 0) return key.Descending ? -difference : difference;
        }
        for (var i = 0; i < left!.Dimensions.Length; i++)
            if (TextOrder.Compare(left.Dimensions[i], right!.Dimensions[i]) is not 0 and var difference) return difference;
        return 0;
    }

    /// <summary>What can't be told is less than anything.</summary>
    private static double Amount(object? value) => value switch
    {
        long count => count,
        double number => number,
        decimal number => (double)number,
        Money { Total: { } total } => (double)total,
        _ => double.NegativeInfinity,
    };
}
