using Footfall.History.Planning;
using Footfall.Words;

namespace Footfall.History;

/// <summary>The history in DuckDB, for whoever asks.</summary>
internal sealed class DuckHistory(HistoryQueries queries) : IHistory
{
    public Task<Answer> AskAsync(Question question, CancellationToken cancel) => Task.Run(() => queries.Ask(question, cancel), cancel);

    public Task<FunnelAnswer> AskAsync(FunnelQuestion question, CancellationToken cancel) => Task.Run(() => queries.Ask(question, cancel), cancel);

    public Task<long?> FirstHitAsync(Site site, CancellationToken cancel) => Task.Run(() => queries.FirstHit(site, cancel), cancel);

    public Task<IReadOnlyList<DayCount>> CountDaysAsync(int since, long position, CancellationToken cancel) => Task.Run(() => queries.CountDays(since, position, cancel), cancel);
}
