namespace Footfall.History.Planning;

/// <summary>The order of a question, for rows that the engine can't sort: null is last, money is compared by its total.</summary>
internal sealed class RowOrder(Question question) : IComparer<AnswerRow>
{
    public int Compare(AnswerRow? x, AnswerRow? y)
    {
        foreach (var order in question.Order)
        {
            var compared = order.Metric >= 0
                ? Values(x!.Metrics[order.Metric], y!.Metrics[order.Metric], order.Descending)
                : string.CompareOrdinal(x!.Dimensions[order.Dimension], y!.Dimensions[order.Dimension]) * (order.Descending ? -1 : 1);
            if (compared != 0) return compared;
        }
        for (var i = 0; i < question.Dimensions.Count; i++)
        {
            var compared = string.CompareOrdinal(x!.Dimensions[i], y!.Dimensions[i]);
            if (compared != 0) return compared;
        }
        return 0;
    }

    private static int Values(object? x, object? y, bool descending)
    {
        x = x is Money { Total: var a } ? a : x;
        y = y is Money { Total: var b } ? b : y;
        if (x is null || y is null) return (x is null).CompareTo(y is null);
        return Comparer<object>.Default.Compare(x, y) * (descending ? -1 : 1);
    }
}
