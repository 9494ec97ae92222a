using System.Text.Json;
using Footfall.History;
using Footfall.Words;

namespace Footfall.Query.Language;

/// <summary>Reads the body of a query: https://plausible.io/docs/stats-api#request-structure, and <c>funnel</c>.</summary>
internal sealed class QueryParser(Sites sites, Segments segments)
{
    /// <summary>The keys of a query.</summary>
    public static readonly IReadOnlyList<string> Keys =
        ["site_id", "metrics", "date_range", "date", "dimensions", "filters", "order_by", "include", "pagination", "funnel"];

    /// <exception cref="InvalidQueryException">It can't be answered.</exception>
    public QueryRequest Parse(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new InvalidQueryException("A query is a JSON object, such as {\"site_id\": \"shop.example\", \"metrics\": [\"visitors\"], \"date_range\": \"7d\"}.");
        foreach (var key in root.EnumerateObject())
            if (!Keys.Contains(key.Name))
                throw new InvalidQueryException($"The key {InvalidQueryException.Quote(key.Name)} is not known: the keys of a query are {string.Join(", ", Keys)}.");
        var domain = Domain(root, out var site);
        var range = DateRangeReader.Read(Required(root, "date_range"), "date_range");
        var filters = new FilterReader();
        var funnel = Json.Optional(root, "funnel") is { } steps ? FunnelReader.Read(steps, root, filters) : null;
        var metrics = funnel is null ? MetricReader.Read(Required(root, "metrics")) : [];
        var dimensions = DimensionReader.Read(Json.Optional(root, "dimensions"), range);
        JsonElement? filterText = Json.Optional(root, "filters") is { } sent ? segments.Expand(sent) : null;
        var inSteps = filters.Uses.Count;
        var filter = filterText is { } list ? filters.ReadAll(list) : FilterLogic.True;
        List<DimensionUse> uses = [.. filters.Uses.Skip(inSteps)];
        var request = new QueryRequest(
            domain, site, range, Relative(root), metrics, dimensions, filter, filterText, HasGoal(dimensions, uses),
            OrderReader.Read(Json.Optional(root, "order_by"), metrics, dimensions),
            IncludeReader.Read(Json.Optional(root, "include")),
            PageReader.Read(Json.Optional(root, "pagination"), funnel is null ? QueryLimits.Rows : QueryLimits.FunnelRows), funnel);
        Rules.Check(request, uses);
        return request;
    }

    private static bool HasGoal(IReadOnlyList<QueryDimension> dimensions, List<DimensionUse> uses) =>
        dimensions.Concat(uses.Where(use => !use.Behavioral).Select(use => use.Dimension)).Any(dimension => dimension.Is(DimensionKind.Goal));

    private string Domain(JsonElement root, out Site? site) => Domain(Json.Text(Required(root, "site_id"), "site_id"), out site);

    /// <summary>The domain of a <c>site_id</c>.</summary>
    /// <param name="site">Null for a site that never sent a hit.</param>
    /// <exception cref="InvalidQueryException">It is no domain, or none of the sites of the settings.</exception>
    public string Domain(string text, out Site? site)
    {
        if (sites.TryGet(text, out site) && text.Length > 0) return site.Domain;
        if (Sites.Normalise(text) is not { } domain)
            throw new InvalidQueryException($"The site_id {InvalidQueryException.Quote(text)} is not a domain, such as shop.example.");
        if (!sites.TryGet(domain, out site) && sites.AreNamed)
            throw new InvalidQueryException($"The site_id {InvalidQueryException.Quote(domain)} is not one of the sites of this server, which are named in the setting Footfall:Sites.");
        return domain;
    }

    private static DateOnly? Relative(JsonElement root)
    {
        if (Json.Optional(root, "date") is not { } value) return null;
        return DateRangeReader.TryDate(Json.Text(value, "date"), out var date)
            ? date
            : throw new InvalidQueryException($"The date {InvalidQueryException.Quote(value.GetRawText())} must be a day, such as 2024-01-01.");
    }

    private static JsonElement Required(JsonElement root, string key) =>
        Json.Optional(root, key) ?? throw new InvalidQueryException($"The key {key} is missing: a query needs site_id, date_range, and metrics or funnel.");
}
