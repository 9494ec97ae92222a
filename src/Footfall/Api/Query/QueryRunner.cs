using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>Runs a query on the history or the live state, and formats the result.</summary>
internal sealed class QueryRunner(IHistory history, IRealtimeReader realtime, TimeProvider time)
{
    /// <exception cref="InvalidQueryException">It has too many time labels.</exception>
    /// <exception cref="InvalidPatternException">A pattern of a filter is invalid.</exception>
    /// <exception cref="HistoryUnavailableException">The history can't be read now.</exception>
    public async Task<QueryResult> RunAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(request, cancellationToken);
        // First, so that the history is not queried in vain if there are too many labels.
        var labels = request.Include.TimeLabels ? TimeLabels.Create(plan.TimeKind!.Value, plan.Calendar, plan.Period) : null;
        var rowComparison = request.Include.Comparison is { } comparison
            ? new PeriodComparison(plan, ComparisonPeriod.Find(plan, comparison)) : null;
        var (rows, total) = await ReadRowsAsync(plan, cancellationToken);
        if (rows.Count == 0 && plan.Dimensions.Count == 0 && request.Pagination.Offset == 0)
            rows = [new ResultRow([], plan.EmptyMetrics())];
        if (rowComparison is not null)
            rows = rowComparison.Add(rows, await ReadComparedRowsAsync(plan, rowComparison.OtherPeriod, cancellationToken));
        return new QueryResult(plan, rows, request.Include.TotalRows ? total : null, labels);
    }

    /// <inheritdoc cref="RunAsync"/>
    public async Task<FunnelResult> RunFunnelAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(request, cancellationToken);
        var steps = request.Funnel!.Steps;
        var query = request.Site is null ? null : new FunnelQuery(
            request.Site, plan.Period, [.. steps.Select(step => FilterLogic.ToHistoryFilter(step)!)], plan.StoredDimensions is [var one]
                ? one : null,
            FilterLogic.ToHistoryFilter(request.Filter), request.Pagination.Limit);
        IReadOnlyList<FunnelRow> rows = query is null ? [] : (await history.QueryAsync(query, cancellationToken)).Rows;
        if (rows.Count == 0 && plan.Dimensions.Count == 0) rows = [new FunnelRow("", new long[steps.Count])];
        return new FunnelResult(plan, [.. rows.Select(row =>
            new ResultRow(plan.Format([row.Dimension], plan.Period), [.. row.Visits.Select(visits => (object?)visits)]))]);
    }

    private async Task<QueryPlan> PlanAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new QueryPlan(request, now, request is { Range: DateRange.All, Site: { } site }
            ? await history.GetFirstHitAsync(site, cancellationToken) : null);
    }

    private async Task<(List<ResultRow> Rows, long? Total)> ReadRowsAsync(QueryPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Request.Site is not { } site) return ([], 0);
        if (RealtimeRows.TryRead(plan, realtime) is { } live) return SortPage(plan, live);
        var result = await history.QueryAsync(plan.ToStatsQuery(site), cancellationToken);
        var rows = plan.Format(result.Rows, plan.Period);
        return plan.SortsInMemory ? SortPage(plan, rows) : (rows, result.TotalRows);
    }

    private static (List<ResultRow> Rows, long? Total) SortPage(QueryPlan plan, List<ResultRow> rows) =>
        (new ResultRowComparer(plan.OrderBy).SortPage(rows, plan.Request.Pagination), rows.Count);

    private async Task<List<ResultRow>> ReadComparedRowsAsync(QueryPlan plan, Period other, CancellationToken cancellationToken) =>
        plan.Request.Site is { } site
            ? plan.Format((await history.QueryAsync(plan.ToUnpagedQuery(site, other), cancellationToken)).Rows, other) : [];
}
