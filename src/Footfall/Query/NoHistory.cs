using Footfall.History;
using Footfall.Words;

namespace Footfall.Query;

/// <summary>Stands where the history is turned off: every question is answered 503.</summary>
internal sealed class NoHistory : IHistory
{
    private const string TurnedOff = "The history is turned off.";

    public bool Ready => false;

    public Task<Answer> AskAsync(Question question, CancellationToken cancel) => throw new HistoryUnavailableException(TurnedOff);

    public Task<FunnelAnswer> AskAsync(FunnelQuestion question, CancellationToken cancel) => throw new HistoryUnavailableException(TurnedOff);

    public Task<long?> FirstHitAsync(Site site, CancellationToken cancel) => throw new HistoryUnavailableException(TurnedOff);
}
