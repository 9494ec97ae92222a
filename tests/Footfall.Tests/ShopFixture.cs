using System.Globalization;
using System.Text.Json.Nodes;

namespace Footfall.Tests;

/// <summary>The hits of two shops on a running program, and its counts of them.</summary>
internal static class ShopFixture
{
    public static readonly string[] Countries = ["de", "fr", "us"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sends visits of some pages, and orders.</summary>
    public static async Task FillAsync(HttpClient http, string site, int visits, string marker = "page", string keys = "")
    {
        var lines = Enumerable.Range(0, visits).Select(i => string.Create(CultureInfo.InvariantCulture,
            $$"""{"site":"{{site}}","name":"visit","url":"https://{{site}}/{{marker}}""" +
            $$"""-{{i % 50}}","country":"{{Countries[i % 3].ToUpperInvariant()}}"{{(keys.Length > 0 ? $",\"id\":\"{keys}-{i}\"" : "")}}""" +
            $$""","props":{"who":"{{marker}}-{{i}}"} }"""));
        await SendAsync(http, string.Join('\n', lines));
        await SendAsync(http,
            $$"""{"site":"{{site}}","name":"purchase","transaction_id":"{{marker}}""" +
            $$"""-T","value":10,"currency":"EUR","country":"DE","items":[{"item_id":"{{marker}}-sku","price":10}]}""");
    }

    public static async Task<JsonNode> SendAsync(HttpClient http, string ndJson)
    {
        using var content = new StringContent(ndJson, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson"));
        using var response = await http.PostAsync("/api/v1/events", content, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, body);
        return JsonNode.Parse(body)!;
    }

    /// <summary>Waits until the history has all that the journal has.</summary>
    public static Task WaitForHistoryAsync(HttpClient http) => Eventually.BecomesAsync(
        async () =>
        {
            var health = (await http.GetFromJsonAsync<JsonNode>("/healthz", Cancellation))!["history"]!;
            return (string?)health["state"] == "ready" && (long)health["lag_commits"]! == 0;
        },
        "the history has caught up");

    /// <summary>Everything to compare of a site: the counters, and the history by country, page, prop and item.</summary>
    public static async Task<string> DescribeAsync(HttpClient http, string site)
    {
        await WaitForHistoryAsync(http);
        var all = new List<string> { await http.GetStringAsync($"/api/v1/stats?site={site}", Cancellation) };
        foreach (var (metrics, dimension) in new[]
        {
            ("\"visits\",\"events\",\"revenue\"", ""), ("\"visits\",\"events\"", "\"visit:country\""),
            ("\"visitors\",\"visits\"", "\"event:page\""), ("\"events\"", "\"event:props:who\""),
            ("\"orders\",\"revenue\"", "\"item:id\""),
        })
            all.Add((await QueryAsync(http, site, metrics, dimension)).ToJsonString());
        return string.Join('\n', all);
    }

    public static async Task<JsonNode> QueryAsync(HttpClient http, string site, string metrics, string dimension)
    {
        using var content = new StringContent(
            $$"""{"site_id":"{{site}}","metrics":[{{metrics}}],"date_range":"all","dimensions":[{{dimension}}""" +
            $$"""],"pagination":{"limit":10000} }""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var response = await http.PostAsync("/api/v1/query", content, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!["results"]!;
    }
}
