using Footfall.Common;

namespace Footfall.History;

/// <summary>A validated query of the history, independent of the client's and the store's query languages.</summary>
/// <param name="Site">The site.</param>
/// <param name="Period">The time range.</param>
/// <param name="Metrics">The values of each row; at least one.</param>
/// <param name="Dimensions">What the rows are grouped by; empty for one row of totals.</param>
/// <param name="Filter">The condition on hits and visits; null for all.</param>
/// <param name="OrderBy">The sort keys: each refers to one of <paramref name="Metrics"/> or <paramref name="Dimensions"/>. Ties are broken
/// by the dimensions.</param>
/// <param name="Limit">The most rows.</param>
/// <param name="Offset">The number of rows to skip.</param>
/// <param name="CountRows">Whether the result includes the row count without limit and offset.</param>
/// <param name="MissingLabels">By dimension, the sort text of hits without a value; null for the empty string.</param>
internal sealed record StatsQuery(
    Site Site, Period Period, IReadOnlyList<Metric> Metrics, IReadOnlyList<Dimension> Dimensions, Filter? Filter,
    IReadOnlyList<SortColumn> OrderBy, int Limit = 10_000, int Offset = 0, bool CountRows = false,
    IReadOnlyList<string>? MissingLabels = null)
{
    /// <summary>The sort text of a hit without a value of a dimension.</summary>
    public string MissingLabel(int dimension) => MissingLabels?[dimension] ?? "";
}

/// <summary>A span of time, in Unix milliseconds: from its first to before its end.</summary>
/// <param name="From">The first millisecond.</param>
/// <param name="Until">The first millisecond after it.</param>
/// <param name="Days">The site's local days, in days since 1970-01-01, if the span is exactly whole days of the site; otherwise
/// null.</param>
internal readonly record struct Period(long From, long Until, (int First, int Last)? Days);

/// <summary>A sort key.</summary>
/// <param name="MetricIndex">The index in <see cref="StatsQuery.Metrics"/>; -1 for a dimension.</param>
/// <param name="DimensionIndex">The index in <see cref="StatsQuery.Dimensions"/>; -1 for a metric.</param>
internal readonly record struct SortColumn(int MetricIndex, int DimensionIndex, bool Descending);

/// <summary>Ordered steps within a visit: counts the visits that completed each step after all steps before it.</summary>
/// <param name="Steps">2 to 8 filters of hits.</param>
/// <param name="Dimension">What the visits are grouped by; null for one row.</param>
/// <param name="Filter">The condition on visits; null for all.</param>
/// <param name="Limit">The maximum number of rows, ordered by visits of the first step, descending.</param>
internal sealed record FunnelQuery(Site Site, Period Period, IReadOnlyList<Filter> Steps, Dimension? Dimension, Filter? Filter,
    int Limit = 1_000);

/// <summary>The result of a query.</summary>
/// <param name="Rows">In the requested order.</param>
/// <param name="TotalRows">The row count without limit and offset, if requested.</param>
internal sealed record StatsResult(IReadOnlyList<StatsRow> Rows, long? TotalRows = null);

/// <summary>One row.</summary>
/// <param name="Dimensions"> One value per requested dimension. Time: <c>2026-11-24 13:00:00</c> for hours, minutes alike,
/// <c>2026-11-24</c> for days, the Monday of weeks, the first of months, all by the site's clock. A missing value is the empty string.
/// </param>
/// <param name="Metrics">One value per requested metric: <see cref="long"/>, <see cref="double"/>, <see cref="decimal"/>,
/// <see cref="Money"/>, or null if unknown.</param>
internal sealed record StatsRow(string[] Dimensions, object?[] Metrics);

/// <summary>The result of a funnel query.</summary>
internal sealed record FunnelStats(IReadOnlyList<FunnelRow> Rows);

/// <summary>One row of a funnel.</summary>
/// <param name="Dimension">The value of the visits; empty without a dimension.</param>
/// <param name="Visits">The visits of each step.</param>
internal sealed record FunnelRow(string Dimension, long[] Visits);
