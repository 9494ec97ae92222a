using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>
/// Rejects invalid combinations, by the rules of Plausible's documentation (https://plausible.io/docs/stats-api#metrics) and server, and by
/// those of Footfall's additional metrics and dimensions.
/// </summary>
internal static class QueryValidator
{
    /// <param name="uses">The dimensions used in filters, except those of funnel steps.</param>
    public static void Validate(QueryRequest request, IReadOnlyList<DimensionUse> uses)
    {
        foreach (var metric in request.Metrics) Validate(metric, request, uses);
        ValidateFilters(request, uses);
        var hasTime = request.Dimensions.Any(dimension => dimension.IsTime);
        if (request.Include.TimeLabels && !hasTime) throw new InvalidQueryException("The include.time_labels needs a time dimension.");
        if (request.Include.Comparison is not null && request.Range is DateRange.Minutes)
            throw new InvalidQueryException("The date ranges realtime and 30m can't be compared.");
        if (request.Include.Comparison is not null && request.Pagination.Offset > 0 && request.Dimensions is [{ IsTime: true }])
            throw new InvalidQueryException("A comparison with a time dimension can't have a pagination.offset.");
        if (request.Funnel is not null) ValidateFunnel(request, uses);
    }

    private static void Validate(Metric metric, QueryRequest request, IReadOnlyList<DimensionUse> uses)
    {
        var dimensions = request.Dimensions;
        switch (metric)
        {
            case Metric.Percentage when dimensions.Count == 0:
                throw Invalid(metric, "needs dimensions");
            case Metric.ConversionRate or Metric.GroupConversionRate when !Has(DimensionKind.Goal) && !Filters(DimensionKind.Goal):
                throw Invalid(metric, "needs event:goal as a filter or a dimension");
            case Metric.ScrollDepth when !Has(DimensionKind.Page)
                && !uses.Any(use => use.IsTopLevel && use.Dimension.Is(DimensionKind.Page)):
                throw Invalid(metric, "needs event:page as a dimension, or as a top-level filter");
            case Metric.TimeOnPage when !Has(DimensionKind.Page) && !Filters(DimensionKind.Page):
                throw Invalid(metric, "needs event:page as a filter or a dimension");
            case Metric.ExitRate when dimensions.Count != 1 || !Has(DimensionKind.ExitPage):
                throw Invalid(metric, "needs visit:exit_page as the only dimension");
            case Metric.ExitRate when uses.Any(use => !use.IsBehavioral && use.Dimension.Scope == DimensionScope.Event):
                throw Invalid(metric, "can't be combined with a filter on hits");
            case Metric.ViewsPerVisit when Filters(DimensionKind.Page):
                throw Invalid(metric, "can't be combined with a filter on event:page");
            case Metric.BounceRate or Metric.ViewsPerVisit or Metric.VisitDuration:
                foreach (var dimension in dimensions.Where(dimension => !IsOfVisits(dimension, Has(DimensionKind.Page))))
                    throw Invalid(metric, $"describes visits and can't be grouped by {dimension.Name}; use event:page, or event:hostname "
                        + $"together with event:page");
                break;
        }
        if (metric != Metric.BotHits && dimensions.Concat(uses.Select(use => use.Dimension))
            .Any(dimension => dimension.Scope == DimensionScope.Bot))
            throw Invalid(metric, "does not count bots: bot:reason works with bot_hits only");

        bool Has(DimensionKind kind) => dimensions.Any(dimension => dimension.Is(kind));
        bool Filters(DimensionKind kind) => uses.Any(use => !use.IsBehavioral && use.Dimension.Is(kind));
    }

    private static bool IsOfVisits(QueryDimension dimension, bool byPage) =>
        dimension.Scope is DimensionScope.Visit or DimensionScope.Time
        || dimension.Is(DimensionKind.Page)
        || (dimension.Is(DimensionKind.Hostname) && byPage);

    private static void ValidateFilters(QueryRequest request, IReadOnlyList<DimensionUse> uses)
    {
        foreach (var use in uses.Where(use => !use.IsTopLevel && !use.IsBehavioral))
        {
            if (use.Dimension.Is(DimensionKind.Goal) || use.Dimension.Is(DimensionKind.Hostname))
                throw new InvalidQueryException($"The dimension {use.Dimension.Name} works in top-level filters only, not inside and, or, "
                    + $"not.");
            if (use.Dimension.Is(DimensionKind.Prop)
                && request.Metrics.Any(metric => metric is Metric.ConversionRate or Metric.GroupConversionRate))
                throw new InvalidQueryException("With conversion_rate and group_conversion_rate, props work in top-level filters only, "
                    + "not inside and, or, not.");
        }
    }

    private static void ValidateFunnel(QueryRequest request, IReadOnlyList<DimensionUse> uses)
    {
        if (request.Dimensions.Count > 1) throw new InvalidQueryException("A funnel may have only one dimension.");
        if (request.Pagination.Offset > 0) throw new InvalidQueryException("A funnel has no pagination.offset.");
        if (request.Dimensions.Concat(uses.Select(use => use.Dimension)).Any(dimension => dimension.Scope == DimensionScope.Bot))
            throw new InvalidQueryException("Bots make no visits: a funnel can't use bot:reason.");
    }

    private static InvalidQueryException Invalid(Metric metric, string why) => new($"The metric {MetricNames.NameOf(metric)} {why}.");
}
