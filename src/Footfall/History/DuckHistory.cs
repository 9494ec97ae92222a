using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Footfall.History.Planning;
using Footfall.History.Store;
using Footfall.Words;

namespace Footfall.History;

/// <summary>The history in DuckDB, for whoever asks.</summary>
internal sealed class DuckHistory(HistoryQueries queries, HistoryDatabase database, HistoryStatus status, ILogger<DuckHistory> log) : IHistory
{
    public Task<Answer> AskAsync(Question question, CancellationToken cancel) => RunAsync(() => queries.Ask(question, cancel), cancel);

    public Task<FunnelAnswer> AskAsync(FunnelQuestion question, CancellationToken cancel) => RunAsync(() => queries.Ask(question, cancel), cancel);

    public Task<long?> FirstHitAsync(Site site, CancellationToken cancel) => RunAsync(() => queries.FirstHit(site, cancel), cancel);

    public Task<IReadOnlyList<DayCount>> CountDaysAsync(int since, long position, CancellationToken cancel) => RunAsync(() => queries.CountDays(since, position, cancel), cancel);

    private async Task<T> RunAsync<T>(Func<T> ask, CancellationToken cancel)
    {
        try
        {
            return await Task.Run(ask, cancel);
        }
        catch (HistoryUnavailableException error) when (error.InnerException is DuckDBException { ErrorType: DuckDBErrorType.Io or DuckDBErrorType.Serialization or DuckDBErrorType.Fatal or DuckDBErrorType.Internal } cause)
        {
            // The writer may never look at the place that is damaged: the questions tell of it, once.
            var reason = HistoryTrouble.Explain(cause.Message, database.File);
            if (status.CantRead(reason)) log.PartUnreadable(reason);
            throw;
        }
    }
}
