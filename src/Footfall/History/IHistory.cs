using Footfall.Common;

namespace Footfall.History;

/// <summary>The columnar store that runs queries over any period.</summary>
internal interface IHistory
{
    /// <summary>Runs a query.</summary>
    /// <param name="cancellationToken">Stops the work in the store, not only the wait.</param>
    /// <exception cref="HistoryUnavailableException">The store can't be read now.</exception>
    /// <exception cref="InvalidPatternException">A pattern of <see cref="FilterOperator.Matches"/> is invalid.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task<StatsResult> QueryAsync(StatsQuery query, CancellationToken cancellationToken);

    /// <summary>Counts the visits of each step of a funnel.</summary>
    /// <inheritdoc cref="QueryAsync(StatsQuery, CancellationToken)"/>
    Task<FunnelStats> QueryAsync(FunnelQuery query, CancellationToken cancellationToken);

    /// <summary>The time of the site's first hit, in Unix milliseconds; null for a site without any.</summary>
    /// <inheritdoc cref="QueryAsync(StatsQuery, CancellationToken)"/>
    Task<long?> GetFirstHitAsync(Site site, CancellationToken cancellationToken);

    /// <summary>Counts the hits of the latest days of all sites, by country and five minutes.</summary>
    /// <param name="since">The first local day, in days since 1970-01-01.</param>
    /// <param name="position">The last journal commit to include.</param>
    /// <inheritdoc cref="QueryAsync(StatsQuery, CancellationToken)"/>
    Task<IReadOnlyList<DailyCount>> GetDailyCountsAsync(int since, long position, CancellationToken cancellationToken);
}

/// <summary>The store failed; the message says how. A retry may succeed.</summary>
internal sealed class HistoryUnavailableException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// A pattern is no regular expression of RE2 (https://github.com/google/re2/wiki/Syntax); the message says why, in RE2's words.
/// </summary>
internal sealed class InvalidPatternException(string pattern, string message, Exception? inner = null) : FormatException(message, inner)
{
    public string Pattern => pattern;
}
