using Footfall.History.Planning;
using Footfall.History.Store;
using Footfall.Words;

namespace Footfall.History;

/// <summary>The history in DuckDB, for whoever asks.</summary>
internal sealed class DuckHistory(HistoryDatabase database, HistoryStatus status) : IHistory
{
    public bool Ready => database.IsOpen && status.State == HistoryState.Ready;

    public Task<Answer> AskAsync(Question question, CancellationToken cancel) => throw new NotImplementedException();

    public Task<FunnelAnswer> AskAsync(FunnelQuestion question, CancellationToken cancel) => throw new NotImplementedException();

    public Task<long?> FirstHitAsync(Site site, CancellationToken cancel) => throw new NotImplementedException();
}
