using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>Compares rows with those of another period.</summary>
/// <param name="other">The other period.</param>
internal sealed class PeriodComparison(QueryPlan plan, Period other)
{
    private readonly Dictionary<string, string> _matchingLabels = MatchLabels(plan, other);

    public Period OtherPeriod => other;

    /// <summary>
    /// Adds the comparison to each row. If time is the only dimension there is a row for each bucket, so that one without visits now is
    /// compared too.
    /// </summary>
    /// <param name="others">All rows of the other period, as shown.</param>
    public List<ResultRow> Add(List<ResultRow> rows, IEnumerable<ResultRow> others)
    {
        var byDimensions = new Dictionary<string, object?[]>();
        foreach (var row in others) byDimensions.TryAdd(Key(row.Dimensions), row.Metrics);
        if (plan.Dimensions is [{ IsTime: true }]) rows = WithEmpty(rows);
        return [.. rows.Select(row => row with { Compared = Compare(row, byDimensions) })];
    }

    private List<ResultRow> WithEmpty(List<ResultRow> rows)
    {
        var known = rows.Select(row => row.Dimensions[0]).ToHashSet();
        var missing = TimeLabels.Create(plan.TimeKind!.Value, plan.Calendar, plan.Period).Where(label => !known.Contains(label));
        return new ResultRowComparer(plan.OrderBy)
            .SortPage([.. rows, .. missing.Select(label => new ResultRow([label], plan.EmptyMetrics()))], plan.Request.Pagination);
    }

    private ComparedRow Compare(ResultRow row, Dictionary<string, object?[]> others)
    {
        string?[] dimensions =
            [.. row.Dimensions.Select((value, i) => plan.Dimensions[i].IsTime ? _matchingLabels.GetValueOrDefault(value) : value)];
        var metrics = others.GetValueOrDefault(Key(dimensions)) ?? plan.EmptyMetrics();
        return new ComparedRow(dimensions, metrics,
            [.. metrics.Select((before, i) => Delta.Compute(plan.Request.Metrics[i], before, row.Metrics[i]))]);
    }

    /// <summary>The first bucket of one period matches the first of the other, and so on.</summary>
    private static Dictionary<string, string> MatchLabels(QueryPlan plan, Period other)
    {
        if (plan.TimeKind is not { } kind) return [];
        return TimeLabels.Create(kind, plan.Calendar, plan.Period)
            .Zip(TimeLabels.Create(kind, plan.Calendar, other))
            .ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>No value has a NUL character.</summary>
    private static string Key(IEnumerable<string?> dimensions) => string.Join('\0', dimensions);
}
