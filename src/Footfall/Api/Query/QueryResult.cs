namespace Footfall.Api.Query;

/// <summary>A row as shown.</summary>
internal sealed record ResultRow(string[] Dimensions, object?[] Metrics)
{
    /// <summary>The same row in the comparison period.</summary>
    public ComparedRow? Compared { get; init; }
}

/// <summary>The comparison of a row.</summary>
/// <param name="Deltas">In percent, or in points where the metric is a percentage; null if undefined.</param>
internal sealed record ComparedRow(string?[] Dimensions, object?[] Metrics, object?[] Deltas);

/// <summary>The result of a metrics query.</summary>
/// <param name="TimeLabels">All buckets of the period, if requested.</param>
internal sealed record QueryResult(QueryPlan Plan, IReadOnlyList<ResultRow> Rows, long? TotalRows, IReadOnlyList<string>? TimeLabels);
