using System.Text.Json;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>Reads the body of a query: https://plausible.io/docs/stats-api#request-structure, and <c>funnel</c>.</summary>
internal sealed class QueryParser(SiteRegistry sites, Segments segments)
{
    /// <summary>The keys of a query.</summary>
    public static readonly IReadOnlyList<string> Keys =
        ["site_id", "metrics", "date_range", "date", "dimensions", "filters", "order_by", "include", "pagination", "funnel"];

    /// <exception cref="InvalidQueryException">The query is invalid.</exception>
    public QueryRequest Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidQueryException(
                "A query is a JSON object, such as {\"site_id\": \"shop.example\", \"metrics\": [\"visitors\"], \"date_range\": \"7d\"}.");
        foreach (var key in root.EnumerateObject())
            if (!Keys.Contains(key.Name))
                throw new InvalidQueryException($"The key {InvalidQueryException.Quote(key.Name)} is unknown: the keys of a query are "
                    + $"{string.Join(", ", Keys)}.");
        var domain = ParseDomain(root, out var site);
        var range = DateRangeParser.Parse(Required(root, "date_range"), "date_range");
        var filters = new FilterParser();
        var funnel = QueryJson.Optional(root, "funnel") is { } steps ? FunnelParser.Parse(steps, root, filters) : null;
        var metrics = funnel is null ? MetricParser.Parse(Required(root, "metrics")) : [];
        var dimensions = DimensionParser.Parse(QueryJson.Optional(root, "dimensions"), range);
        JsonElement? filterText = QueryJson.Optional(root, "filters") is { } sent ? segments.Expand(sent) : null;
        var inSteps = filters.Uses.Count;
        var filter = filterText is { } list ? filters.ParseAll(list) : FilterLogic.True;
        List<DimensionUse> uses = [.. filters.Uses.Skip(inSteps)];
        var request = new QueryRequest(
            domain, site, range, ParseReferenceDate(root), metrics, dimensions, filter, filterText, HasGoal(dimensions, uses),
            OrderByParser.Parse(QueryJson.Optional(root, "order_by"), metrics, dimensions),
            IncludeParser.Parse(QueryJson.Optional(root, "include")),
            PaginationParser.Parse(QueryJson.Optional(root, "pagination"), funnel is null ? QueryLimits.Rows : QueryLimits.FunnelRows),
            funnel);
        QueryValidator.Validate(request, uses);
        return request;
    }

    private static bool HasGoal(IReadOnlyList<QueryDimension> dimensions, List<DimensionUse> uses) =>
        dimensions.Concat(uses.Where(use => !use.IsBehavioral).Select(use => use.Dimension))
            .Any(dimension => dimension.Is(DimensionKind.Goal));

    private string ParseDomain(JsonElement root, out Site? site) =>
        ParseDomain(QueryJson.ReadText(Required(root, "site_id"), "site_id"), out site);

    /// <summary>The domain of a <c>site_id</c>.</summary>
    /// <param name="site">Null for a site that never sent a hit.</param>
    /// <exception cref="InvalidQueryException">It is not a domain, or not one of the sites in the settings.</exception>
    public string ParseDomain(string text, out Site? site)
    {
        if (sites.TryGet(text, out site) && text.Length > 0) return site.Domain;
        if (SiteRegistry.NormalizeDomain(text) is not { } domain)
            throw new InvalidQueryException($"The site_id {InvalidQueryException.Quote(text)} is not a domain, such as shop.example.");
        if (!sites.TryGet(domain, out site) && sites.AreConfigured)
            throw new InvalidQueryException($"The site_id {InvalidQueryException.Quote(domain)} is not a site of this server; the setting "
                + $"Footfall:Sites lists them.");
        return domain;
    }

    private static DateOnly? ParseReferenceDate(JsonElement root)
    {
        if (QueryJson.Optional(root, "date") is not { } value) return null;
        return DateRangeParser.TryParseDate(QueryJson.ReadText(value, "date"), out var date)
            ? date
            : throw new InvalidQueryException(
                $"The date {InvalidQueryException.Quote(value.GetRawText())} must be a day, such as 2024-01-01.");
    }

    private static JsonElement Required(JsonElement root, string key) =>
        QueryJson.Optional(root, key)
            ?? throw new InvalidQueryException($"The key {key} is missing: a query needs site_id, date_range, and metrics or funnel.");
}
