using System.Text.Json.Nodes;

namespace Footfall.Browser;

/// <summary>The live state of a site, as in docs/live.md, summed over countries.</summary>
public sealed record Picture(JsonNode Json)
{
    public decimal Visits => Sum("today");

    public decimal PageViews => Sum("pageviews");

    public decimal Carts => Sum("carts");

    public decimal Checkouts => Sum("checkouts");

    public decimal Orders => Sum("orders");

    public decimal Revenue => Sum("revenue");

    /// <summary>The latest hits, oldest first: <c>page_view /lamps</c>.</summary>
    public IReadOnlyList<string> Hits => [.. Json["hits"]!.AsArray().Select(hit => $"{hit!["name"]} {hit["page"]}")];

    public override string ToString() => Json.ToJsonString();

    private decimal Sum(string figure) => Json[figure]!.AsObject().Sum(country => country.Value!.GetValue<decimal>());
}
