namespace Footfall.Api.Query;

/// <summary>A row as it is shown.</summary>
internal sealed record ResultRow(string[] Dimensions, object?[] Metrics)
{
    /// <summary>The same of the period that it is compared with.</summary>
    public ComparedRow? Compared { get; init; }
}

/// <summary>What a row is compared with.</summary>
/// <param name="Deltas">In percent, or in points where the metric is a percentage; null where it can't be told.</param>
internal sealed record ComparedRow(string?[] Dimensions, object?[] Metrics, object?[] Deltas);

/// <summary>The answer to a query of metrics.</summary>
/// <param name="TimeLabels">All buckets of the period, where they are asked for.</param>
internal sealed record QueryResult(QueryPlan Plan, IReadOnlyList<ResultRow> Rows, long? TotalRows, IReadOnlyList<string>? TimeLabels);
