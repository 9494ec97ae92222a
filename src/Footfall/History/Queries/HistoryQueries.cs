using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Rollups;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>Runs queries on the store, each on one snapshot and on the caller's thread.</summary>
/// <param name="open">Opens a connection to the store, which is closed after the query.</param>
/// <param name="rates">The exchange rates.</param>
internal sealed class HistoryQueries(Func<DuckDBConnection> open, ExchangeRatesFile rates)
{
    /// <summary>Runs a query.</summary>
    /// <exception cref="HistoryUnavailableException">The store can't be read now.</exception>
    /// <exception cref="InvalidPatternException">A pattern of a filter is wrong.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the engine has stopped.</exception>
    public StatsResult Query(StatsQuery query, CancellationToken cancellationToken)
    {
        using var snapshot = Snapshot.Begin(open, cancellationToken);
        return new StatsQueryExecutor(snapshot, query, rates.Current).Execute();
    }

    /// <summary>Counts the visits of each step of a funnel.</summary>
    /// <inheritdoc cref="Query(StatsQuery, CancellationToken)"/>
    public FunnelStats Query(FunnelQuery query, CancellationToken cancellationToken)
    {
        using var snapshot = Snapshot.Begin(open, cancellationToken);
        return new FunnelQueryExecutor(snapshot, query).Execute();
    }

    /// <inheritdoc cref="IHistory.GetDailyCountsAsync"/>
    public IReadOnlyList<DailyCount> ReadDailyCounts(int since, long position, CancellationToken cancellationToken)
    {
        using var snapshot = Snapshot.Begin(open, cancellationToken);
        var parameters = new SqlParameters();
        var sql = EmbeddedResources.ReadText("day_counts.sql").Replace("{since}", parameters.Add(LocalDay.DateOf(since)),
            StringComparison.Ordinal).Replace("{position}", parameters.Add(position), StringComparison.Ordinal);
        return snapshot.Read(sql, parameters, static row => new DailyCount(
            row.GetString(0), (int)row.GetInt64(1), (int)row.GetInt64(2), new Country((ushort)row.GetInt16(3)),
            (HitKind)(byte)row.GetInt64(4), row.GetString(5), row.GetInt64(6), row.GetDecimal(7)));
    }

    /// <summary>
    /// The time of the site's first hit, in Unix milliseconds; the start of the first day if only its rollups are kept; null without hits.
    /// </summary>
    /// <inheritdoc cref="Query(StatsQuery, CancellationToken)"/>
    public long? FindFirstHit(Site site, CancellationToken cancellationToken)
    {
        using var snapshot = Snapshot.Begin(open, cancellationToken);
        var parameters = new SqlParameters();
        var domain = parameters.Add(site.Domain);
        var (hit, day) = snapshot.Read(
            $"""
            SELECT (SELECT min(time) FROM hits WHERE site IN (SELECT id FROM sites WHERE domain = {domain})),
                   (SELECT min(day) - {DimensionColumns.Epoch} FROM r_totals WHERE dim = {Rollup.Total.Number} AND grain = 0 AND site IN
                   (SELECT id FROM sites WHERE domain = {domain}))
            """,
            parameters, row => (row.IsDBNull(0) ? (long?)null : row.GetInt64(0), row.IsDBNull(1) ? (int?)null : (int)row.GetInt64(1)))
                .Single();
        return day is { } first && (hit is null || site.DayOf(hit.Value) > first) ? site.StartOf(first) : hit;
    }
}
