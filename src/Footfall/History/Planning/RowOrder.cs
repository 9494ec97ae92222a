namespace Footfall.History.Planning;

/// <summary>The order of a question, for rows that the engine can't sort: null is last, money is compared by its total.</summary>
internal static class RowOrder
{
    /// <summary>Sorts rows; ties are broken by the dimensions.</summary>
    public static T[] Sort<T>(IReadOnlyList<T> rows, Func<T, AnswerRow> row, Question question)
    {
        var sorted = rows.ToArray();
        // Each key is made once, and not at each of a hundred thousand comparisons.
        var keys = Array.ConvertAll(sorted, each => Key(row(each), question));
        Array.Sort(keys, sorted, Comparer<object?[]>.Create((x, y) => Compare(x, y, question.Order)));
        return sorted;
    }

    private static object?[] Key(AnswerRow row, Question question) =>
    [
        .. question.Order.Select(order => order.Metric < 0 ? row.Dimensions[order.Dimension] : row.Metrics[order.Metric] is Money money ? money.Total : row.Metrics[order.Metric]),
        .. row.Dimensions,
    ];

    private static int Compare(object?[] x, object?[] y, IReadOnlyList<Order> orders)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] is null != y[i] is null) return x[i] is null ? 1 : -1;
            var compared = (x[i], y[i]) switch
            {
                (string a, string b) => string.CompareOrdinal(a, b),
                (IComparable a, var b) => a.CompareTo(b),
                _ => 0,
            };
            if (compared != 0) return i < orders.Count && orders[i].Descending ? -compared : compared;
        }
        return 0;
    }
}
