using Footfall.Common;

namespace Footfall.History.Queries;

/// <summary>The order of a query, for rows that the engine can't sort: null is last, money is compared by its total.</summary>
internal static class RowSorter
{
    /// <summary>Sorts rows; ties are broken by the dimensions.</summary>
    /// <param name="labels">By dimension, the labels of its numbers.</param>
    /// <param name="values">A metric of all rows.</param>
    /// <returns>The indexes of the rows, sorted.</returns>
    public static int[] Sort(StatsQuery query, IReadOnlyList<GroupKey> keys, IReadOnlyList<Dictionary<long, string>> labels, Func<int,
        object?[]> values)
    {
        Comparison<int>[] comparisons =
        [
            .. query.OrderBy.Select(order => order.MetricIndex < 0
                ? ByRank(keys, SortLabels(order.DimensionIndex), order.DimensionIndex, order.Descending)
                : ByValue(Array.ConvertAll(values(order.MetricIndex), value => value is Money money ? money.Total : value),
                    order.Descending)),
            .. query.Dimensions.Select((_, dimension) => ByRank(keys, SortLabels(dimension), dimension, false)),
        ];
        var indexes = Enumerable.Range(0, keys.Count).ToArray();
        Array.Sort(indexes, (x, y) =>
        {
            foreach (var compare in comparisons)
                if (compare(x, y) is var compared && compared != 0) return compared;
            return 0;
        });
        return indexes;

        Dictionary<long, string> SortLabels(int dimension) => labels[dimension]
            .ToDictionary(label => label.Key, label => label.Value.Length == 0 ? query.MissingLabel(dimension) : label.Value);
    }

    // A hundred thousand rows have few distinct texts in each column: these are sorted once, and rows compare by rank.
    private static Comparison<int> ByRank(IReadOnlyList<GroupKey> keys, Dictionary<long, string> labels, int dimension, bool descending)
    {
        var ranks = new Dictionary<long, int>(labels.Count);
        var (rank, last) = (0, (string?)null);
        foreach (var (number, text) in labels.OrderBy(label => label.Value, CodePointComparer.Instance))
        {
            if (last is not null && !string.Equals(last, text, StringComparison.Ordinal)) rank++;
            (last, ranks[number]) = (text, descending ? -rank : rank);
        }
        var ranked = new int[keys.Count];
        for (var i = 0; i < ranked.Length; i++) ranked[i] = ranks[keys[i][dimension]];
        return (x, y) => ranked[x].CompareTo(ranked[y]);
    }

    private static Comparison<int> ByValue(object?[] values, bool descending) => values.FirstOrDefault(value => value is not null) switch
    {
        long => ByValue<long>(values, descending),
        double => ByValue<double>(values, descending),
        decimal => ByValue<decimal>(values, descending),
        null => static (_, _) => 0,
        var other => throw new InvalidOperationException($"No metric is a {other.GetType()}."),
    };

    private static Comparison<int> ByValue<T>(object?[] values, bool descending) where T : struct, IComparable<T>
    {
        var typed = Array.ConvertAll(values, value => (T?)value);
        var sign = descending ? -1 : 1;
        return (x, y) => typed[x] is { } a
            ? typed[y] is { } b ? sign * a.CompareTo(b) : -1
            : typed[y] is null ? 0 : 1;
    }
}
