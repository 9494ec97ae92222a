using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>The history in DuckDB, for queries.</summary>
internal sealed class DuckDbHistory(HistoryQueries queries, HistoryDatabase database, HistoryStatus status, ILogger<DuckDbHistory> log)
    : IHistory
{
    public Task<StatsResult> QueryAsync(StatsQuery query, CancellationToken cancellationToken) =>
        RunAsync(() => queries.Query(query, cancellationToken), cancellationToken);

    public Task<FunnelStats> QueryAsync(FunnelQuery query, CancellationToken cancellationToken) =>
        RunAsync(() => queries.Query(query, cancellationToken), cancellationToken);

    public Task<long?> GetFirstHitAsync(Site site, CancellationToken cancellationToken) =>
        RunAsync(() => queries.FindFirstHit(site, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<DailyCount>> GetDailyCountsAsync(int since, long position, CancellationToken cancellationToken) =>
        RunAsync(() => queries.ReadDailyCounts(since, position, cancellationToken), cancellationToken);

    private async Task<T> RunAsync<T>(Func<T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(read, cancellationToken);
        }
        catch (HistoryUnavailableException error) when (error.InnerException is DuckDBException
        {
            ErrorType: DuckDBErrorType.Io
            or DuckDBErrorType.Serialization or DuckDBErrorType.Fatal or DuckDBErrorType.Internal
        } cause)
        {
            // The writer may never read the damaged part: queries report it, once.
            var reason = HistoryFault.Explain(cause.Message, database.FilePath);
            if (status.ReportReadError(reason)) log.PartUnreadable(reason);
            throw;
        }
    }
}
