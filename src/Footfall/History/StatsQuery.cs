using Footfall.Common;

namespace Footfall.History;

/// <summary>What is asked of the history: checked, and free of any language of a client or of a store.</summary>
/// <param name="Site">The shop.</param>
/// <param name="Period">When.</param>
/// <param name="Metrics">The values of each row; at least one.</param>
/// <param name="Dimensions">What the rows are grouped by; none for one row of totals.</param>
/// <param name="Filter">What the hits and visits must be; null for all.</param>
/// <param name="OrderBy">The order of the rows: each names one of <paramref name="Metrics"/> or <paramref name="Dimensions"/>. Ties are
/// broken by the dimensions.</param>
/// <param name="Limit">The most rows.</param>
/// <param name="Offset">The rows passed over.</param>
/// <param name="CountRows">Whether the answer says how many rows there are without limit and offset.</param>
/// <param name="MissingLabels">By dimension what is shown of a hit that has no value, for the order; null for the empty text.</param>
internal sealed record StatsQuery(
    Site Site, Period Period, IReadOnlyList<Metric> Metrics, IReadOnlyList<Dimension> Dimensions, Filter? Filter,
    IReadOnlyList<SortColumn> OrderBy, int Limit = 10_000, int Offset = 0, bool CountRows = false,
    IReadOnlyList<string>? MissingLabels = null)
{
    /// <summary>What stands in the order for a hit without a value of a dimension.</summary>
    public string MissingLabel(int dimension) => MissingLabels?[dimension] ?? "";
}

/// <summary>A span of time, in Unix milliseconds: from its first to before its end.</summary>
/// <param name="From">The first millisecond.</param>
/// <param name="Until">The first millisecond after it.</param>
/// <param name="Days">The site's local days, in days since 1970-01-01, where the span is exactly whole days of the site; otherwise
/// null.</param>
internal readonly record struct Period(long From, long Until, (int First, int Last)? Days);

/// <summary>One key of the order.</summary>
/// <param name="MetricIndex">The place in <see cref="StatsQuery.Metrics"/>; -1 where it is a dimension.</param>
/// <param name="DimensionIndex">The place in <see cref="StatsQuery.Dimensions"/>; -1 where it is a metric.</param>
internal readonly record struct SortColumn(int MetricIndex, int DimensionIndex, bool Descending);

/// <summary>Ordered steps within a visit: how many visits did each one, after all those before it.</summary>
/// <param name="Steps">2 to 8 filters of hits.</param>
/// <param name="Dimension">What the visits are grouped by; null for one row.</param>
/// <param name="Filter">What the visits must be; null for all.</param>
/// <param name="Limit">The most rows, by the visits of the first step, most first.</param>
internal sealed record FunnelQuery(Site Site, Period Period, IReadOnlyList<Filter> Steps, Dimension? Dimension, Filter? Filter,
    int Limit = 1_000);

/// <summary>The rows of an answer.</summary>
/// <param name="Rows">In the order asked for.</param>
/// <param name="TotalRows">Where asked for, the rows without limit and offset.</param>
internal sealed record StatsResult(IReadOnlyList<StatsRow> Rows, long? TotalRows = null);

/// <summary>One row.</summary>
/// <param name="Dimensions">
/// As many as asked for. Time: <c>2026-11-24 13:00:00</c> for hours, minutes alike, <c>2026-11-24</c> for days, the Monday of weeks, the
/// first of months, all by the site's clock. What a hit does not have is the empty text.
/// </param>
/// <param name="Metrics">As many as asked for: <see cref="long"/>, <see cref="double"/>, <see cref="decimal"/>, <see cref="Money"/>, or
/// null where it can't be told.</param>
internal sealed record StatsRow(string[] Dimensions, object?[] Metrics);

/// <summary>The rows of a funnel.</summary>
internal sealed record FunnelStats(IReadOnlyList<FunnelRow> Rows);

/// <summary>One row of a funnel.</summary>
/// <param name="Dimension">The value that the visits have in common; empty without a dimension.</param>
/// <param name="Visits">Of each step.</param>
internal sealed record FunnelRow(string Dimension, long[] Visits);
