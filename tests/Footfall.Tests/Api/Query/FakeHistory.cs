using System.Collections.Concurrent;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Tests.Api.Query;

/// <summary>Records the queries, and returns the results that the test sets.</summary>
internal sealed class FakeHistory : IHistory
{
    public ConcurrentQueue<StatsQuery> Queries { get; } = [];

    public ConcurrentQueue<FunnelQuery> FunnelQueries { get; } = [];

    /// <summary>Without one: a row of zeros where there are no dimensions, and no rows otherwise.</summary>
    public Func<StatsQuery, CancellationToken, Task<StatsResult>>? OnQuery { get; set; }

    public Func<FunnelQuery, FunnelStats> OnFunnel { get; set; } = _ => new FunnelStats([]);

    public long? FirstHit { get; set; }

    public StatsQuery LastQuery => Queries.Last();

    public async Task<StatsResult> QueryAsync(StatsQuery query, CancellationToken cancellationToken)
    {
        Queries.Enqueue(query);
        if (OnQuery is { } answer) return await answer(query, cancellationToken);
        return new StatsResult(query.Dimensions.Count == 0 ? [new StatsRow([], [.. query.Metrics.Select(_ => (object?)0L)])] : [], 0);
    }

    public Task<FunnelStats> QueryAsync(FunnelQuery query, CancellationToken cancellationToken)
    {
        FunnelQueries.Enqueue(query);
        return Task.FromResult(OnFunnel(query));
    }

    public Task<long?> GetFirstHitAsync(Site site, CancellationToken cancellationToken) => Task.FromResult(FirstHit);

    public Task<IReadOnlyList<DailyCount>> GetDailyCountsAsync(int since, long position, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DailyCount>>([]);

    /// <summary>Returns the same rows for every query.</summary>
    public void SetRows(params StatsRow[] rows) => SetRows(null, rows);

    public void SetRows(long? total, params StatsRow[] rows) => OnQuery = (_, _) => Task.FromResult(new StatsResult(rows, total));

    public static StatsRow Row(string[] dimensions, params object?[] metrics) => new(dimensions, metrics);
}
