using Footfall.History.Planning;
using Footfall.History.Store;
using Footfall.Words;

namespace Footfall.History;

/// <summary>The history in DuckDB, for whoever asks.</summary>
internal sealed class DuckHistory(HistoryDatabase database, HistoryQueries queries, HistoryStatus status) : IHistory
{
    public bool Ready => database.IsOpen && status.State == HistoryState.Ready;

    public Task<Answer> AskAsync(Question question, CancellationToken cancel) => Task.Run(() => queries.Ask(question, cancel), cancel);

    public Task<FunnelAnswer> AskAsync(FunnelQuestion question, CancellationToken cancel) => Task.Run(() => queries.Ask(question, cancel), cancel);

    public Task<long?> FirstHitAsync(Site site, CancellationToken cancel) => Task.Run(() => queries.FirstHit(site, cancel), cancel);
}
