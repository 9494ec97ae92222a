namespace Footfall.History.Planning;

/// <summary>The order of a question, for rows that the engine can't sort: null is last, money is compared by its total.</summary>
internal static class RowOrder
{
    /// <summary>Sorts rows; ties are broken by the dimensions.</summary>
    public static T[] Sort<T>(IReadOnlyList<T> rows, Func<T, AnswerRow> row, Question question)
    {
        var answers = rows.Select(row).ToArray();
        Comparison<int>[] keys =
        [
            .. question.Order.Select(order => order.Metric < 0
                ? ByRank(answers, order.Dimension, order.Descending)
                : ByValue(Array.ConvertAll(answers, answer => answer.Metrics[order.Metric] is Money money ? money.Total : answer.Metrics[order.Metric]), order.Descending)),
            .. question.Dimensions.Select((_, dimension) => ByRank(answers, dimension, false)),
        ];
        var places = Enumerable.Range(0, answers.Length).ToArray();
        Array.Sort(places, (x, y) =>
        {
            foreach (var compare in keys)
                if (compare(x, y) is var compared && compared != 0) return compared;
            return 0;
        });
        return Array.ConvertAll(places, place => rows[place]);
    }

    // A hundred thousand rows have few texts in each column: they are compared once, and the rows by their places among them.
    private static Comparison<int> ByRank(AnswerRow[] rows, int dimension, bool descending)
    {
        var texts = rows.Select(row => row.Dimensions[dimension]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var ranks = new Dictionary<string, int>(texts.Length, StringComparer.Ordinal);
        for (var i = 0; i < texts.Length; i++) ranks[texts[i]] = descending ? -i : i;
        var ranked = Array.ConvertAll(rows, row => ranks[row.Dimensions[dimension]]);
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
