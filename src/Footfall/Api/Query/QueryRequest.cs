using System.Text.Json;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>A parsed and validated query, before the clock and the history are read.</summary>
/// <param name="Domain">As requested, normalized.</param>
/// <param name="Site">Null for a site that never sent a hit.</param>
/// <param name="ReferenceDate">The day to which shorthands are relative; null for today.</param>
/// <param name="Metrics">Empty for a funnel.</param>
/// <param name="Filter">All filters; <see cref="FilterLogic.ToHistoryFilter"/> converts it for the history.</param>
/// <param name="FilterJson">The filters as sent, with segments replaced by their filters, for the echo; null for none.</param>
/// <param name="HasGoal">Whether <c>event:goal</c> is a dimension, or filtered.</param>
/// <param name="OrderBy">Null if the query has none.</param>
/// <param name="Funnel">Null for a query of metrics.</param>
internal sealed record QueryRequest(
    string Domain, Site? Site, DateRange Range, DateOnly? ReferenceDate, IReadOnlyList<Metric> Metrics,
    IReadOnlyList<QueryDimension> Dimensions,
    Filter Filter, JsonElement? FilterJson, bool HasGoal, IReadOnlyList<OrderByKey>? OrderBy, IncludeOptions Include, Pagination Pagination,
    FunnelRequest? Funnel);

/// <summary>One key of <c>order_by</c>: the index of a metric or of a dimension, the other is -1.</summary>
internal readonly record struct OrderByKey(int MetricIndex, int DimensionIndex, bool Descending);

/// <summary><c>include</c>.</summary>
internal sealed record IncludeOptions(bool Imports = false, bool TimeLabels = false, bool TotalRows = false,
    ComparisonRequest? Comparison = null);

/// <summary><c>include.comparisons</c>.</summary>
/// <param name="Range">For <see cref="ComparisonMode.Custom"/>.</param>
/// <param name="Json">As sent.</param>
internal sealed record ComparisonRequest(ComparisonMode Mode, DateRange? Range, bool MatchDayOfWeek, JsonElement Json);

internal enum ComparisonMode
{
    PreviousPeriod,
    YearOverYear,
    Custom,
}

/// <summary><c>pagination</c>.</summary>
internal readonly record struct Pagination(int Limit, int Offset);

/// <summary>Ordered steps within a visit.</summary>
/// <param name="StepsJson">The steps as sent.</param>
internal sealed record FunnelRequest(IReadOnlyList<Filter> Steps, JsonElement StepsJson);
