using Footfall.History;
using Footfall.Query.Language;

namespace Footfall.Query.Answers;

/// <summary>Asks the history, or the live picture, and shows what they answer.</summary>
internal sealed class QueryRunner(IHistory history, IRealtime realtime, TimeProvider time)
{
    /// <exception cref="InvalidQueryException">It has too many labels of time.</exception>
    /// <exception cref="InvalidPatternException">A pattern of a filter is none.</exception>
    /// <exception cref="HistoryUnavailableException">The history can't be read now.</exception>
    public async Task<QueryResult> RunAsync(QueryRequest request, CancellationToken cancel)
    {
        var plan = await PlanAsync(request, cancel);
        // First of all: where there are too many labels, the history is not asked in vain.
        var labels = request.Include.TimeLabels ? TimeLabels.Of(plan.Time!.Value, plan.Calendar, plan.Period) : null;
        var comparing = request.Include.Comparison is { } comparison ? new Comparing(plan, ComparisonPeriod.Of(plan, comparison)) : null;
        var (rows, total) = await RowsAsync(plan, cancel);
        if (rows.Count == 0 && plan.Dimensions.Count == 0 && request.Page.Offset == 0) rows = [new ResultRow([], plan.OfNothing())];
        if (comparing is not null) rows = comparing.Add(rows, await OthersAsync(plan, comparing.Other, cancel));
        return new QueryResult(plan, rows, request.Include.TotalRows ? total : null, labels);
    }

    /// <inheritdoc cref="RunAsync"/>
    public async Task<FunnelResult> RunFunnelAsync(QueryRequest request, CancellationToken cancel)
    {
        var plan = await PlanAsync(request, cancel);
        var steps = request.Funnel!.Steps;
        var question = request.Site is null ? null : new FunnelQuestion(
            request.Site, plan.Period, [.. steps.Select(step => FilterLogic.Finish(step)!)], plan.Stored is [var one] ? one : null,
            FilterLogic.Finish(request.Filter), request.Page.Limit);
        IReadOnlyList<FunnelRow> rows = question is null ? [] : (await history.AskAsync(question, cancel)).Rows;
        if (rows.Count == 0 && plan.Dimensions.Count == 0) rows = [new FunnelRow("", new long[steps.Count])];
        return new FunnelResult(plan, [.. rows.Select(row => new ResultRow(plan.Show([row.Dimension], plan.Period), [.. row.Visits.Select(visits => (object?)visits)]))]);
    }

    private async Task<QueryPlan> PlanAsync(QueryRequest request, CancellationToken cancel)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new QueryPlan(request, now, request is { Range: DateRange.All, Site: { } site } ? await history.FirstHitAsync(site, cancel) : null);
    }

    private async Task<(List<ResultRow> Rows, long? Total)> RowsAsync(QueryPlan plan, CancellationToken cancel)
    {
        if (plan.Request.Site is not { } site) return ([], 0);
        if (RealtimeRows.Of(plan, realtime) is { } live) return Sorted(plan, live);
        var answer = await history.AskAsync(plan.Question(site), cancel);
        var rows = plan.Show(answer.Rows, plan.Period);
        return plan.SortedHere ? Sorted(plan, rows) : (rows, answer.TotalRows);
    }

    private static (List<ResultRow> Rows, long? Total) Sorted(QueryPlan plan, List<ResultRow> rows) =>
        (new ResultOrder(plan.Order).Page(rows, plan.Request.Page), rows.Count);

    private async Task<List<ResultRow>> OthersAsync(QueryPlan plan, Period other, CancellationToken cancel) =>
        plan.Request.Site is { } site ? plan.Show((await history.AskAsync(plan.All(site, other), cancel)).Rows, other) : [];
}
