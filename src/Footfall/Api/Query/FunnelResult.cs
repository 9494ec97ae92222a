namespace Footfall.Api.Query;

/// <summary>The answer to a funnel: the metrics of a row are the visits of each step.</summary>
internal sealed record FunnelResult(QueryPlan Plan, IReadOnlyList<ResultRow> Rows);
