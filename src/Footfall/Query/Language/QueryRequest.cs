using System.Text.Json;
using Footfall.History;
using Footfall.Words;

namespace Footfall.Query.Language;

/// <summary>A query, read and checked; the clock and the history were not asked yet.</summary>
/// <param name="Domain">As asked for, normalised.</param>
/// <param name="Site">Null for a site that never sent a hit.</param>
/// <param name="Relative">The day that shorthands are relative to; null for today.</param>
/// <param name="Metrics">Empty for a funnel.</param>
/// <param name="Filter">All filters; <see cref="FilterLogic.Finish"/> makes it what the history takes.</param>
/// <param name="FilterText">The filters as they were sent, those of segments in their places, for the echo; null for none.</param>
/// <param name="HasGoal">Whether <c>event:goal</c> is a dimension, or filtered.</param>
/// <param name="Order">Null where the query gives none.</param>
/// <param name="Funnel">Null for a query of metrics.</param>
internal sealed record QueryRequest(
    string Domain, Site? Site, DateRange Range, DateOnly? Relative, IReadOnlyList<Metric> Metrics, IReadOnlyList<QueryDimension> Dimensions,
    Filter Filter, JsonElement? FilterText, bool HasGoal, IReadOnlyList<OrderKey>? Order, Include Include, Page Page, Funnel? Funnel);

/// <summary>One key of <c>order_by</c>: the place of a metric or of a dimension, the other is -1.</summary>
internal readonly record struct OrderKey(int Metric, int Dimension, bool Descending);

/// <summary><c>include</c>.</summary>
internal sealed record Include(bool Imports = false, bool TimeLabels = false, bool TotalRows = false, ComparisonRequest? Comparison = null);

/// <summary><c>include.comparisons</c>.</summary>
/// <param name="Range">For <see cref="ComparisonMode.Custom"/>.</param>
/// <param name="Text">As it was sent.</param>
internal sealed record ComparisonRequest(ComparisonMode Mode, DateRange? Range, bool MatchDayOfWeek, JsonElement Text);

internal enum ComparisonMode
{
    PreviousPeriod,
    YearOverYear,
    Custom,
}

/// <summary><c>pagination</c>.</summary>
internal readonly record struct Page(int Limit, int Offset);

/// <summary>Ordered steps within a visit.</summary>
/// <param name="Text">The steps as they were sent.</param>
internal sealed record Funnel(IReadOnlyList<Filter> Steps, JsonElement Text);
