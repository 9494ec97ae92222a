namespace Footfall.Api.Query;

/// <summary>The result of a funnel query: the metrics of a row are the visits of each step.</summary>
internal sealed record FunnelResult(QueryPlan Plan, IReadOnlyList<ResultRow> Rows);
