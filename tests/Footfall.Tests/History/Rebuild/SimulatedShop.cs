using System.Text.Json.Nodes;
using Footfall.Api.Query;
using Footfall.History.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.History.Rebuild;

/// <summary>
/// Two shops on a real server with a clock of the test's, over some days: visitors, bots, orders, refunds, duplicates, and hits
/// that arrive late.
/// </summary>
internal sealed class SimulatedShop : IAsyncDisposable
{
    public const string Berlin = "berlin.example", Other = "other.example";

    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 " +
        "Safari/604.1",
    ];

    private static readonly string[] Countries = ["DE", "FR", "AT"];

    private const string BotAgent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    private readonly string _data;
    private FootfallApp? _app;

    private SimulatedShop(string data) => _data = data;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2024, 3, 29, 9, 0, 0, TimeSpan.Zero));

    public FootfallApp App => _app!;

    /// <summary>Three days are over when this returns, across the change of Berlin's clock, and the fourth has begun.</summary>
    /// <param name="closed">Whether the finished days are already rolled up.</param>
    public static async Task<SimulatedShop> StartAsync(string data, bool closed = false)
    {
        var shop = new SimulatedShop(data);
        shop.Run();
        for (var day = 0; day < 4; day++)
        {
            await shop.DayAsync(day);
            if (day < 3) await shop.AdvanceAsync(TimeSpan.FromHours(24));
        }
        await shop.WaitForHistoryAsync();
        if (closed) await shop.WaitForRollupsAsync();
        return shop;
    }

    public void Run() => _app = FootfallApp.Start(
        Time, _data, ("History:Enabled", "true"), ("TrustedProxies", "127.0.0.1/32"), ("Sites:0:Domain", Berlin),
        ("Sites:0:TimeZone", "Europe/Berlin"), ("Sites:1:Domain", Other), ("Sites:1:Currency", "USD"));

    public async Task StopAsync()
    {
        await App.DisposeAsync();
        _app = null;
    }

    /// <summary>Lets time go by, in steps in which nothing is forgotten that is needed.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        await WaitForHistoryAsync();
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromHours(1)) Time.Advance(TimeSpan.FromHours(1));
    }

    /// <summary>The hits of the last day after an export: visits that continue, one that begins, an order that is known.</summary>
    public async Task SendLateHitsAsync()
    {
        Time.Advance(TimeSpan.FromMinutes(5));
        await SendAsync("198.51.100.7", Agents[0], $$"""{"site":"{{Berlin}}","url":"https://shop.example/last"}""");
        await SendAsync("198.51.100.8", Agents[1],
            $$"""{"site":"{{Berlin}}","name":"purchase","transaction_id":"day-0","value":5,"currency":"EUR"}""");
        await SendAsync("198.51.100.99", Agents[1],
            $$"""{"site":"{{Other}}","name":"purchase","transaction_id":"after","items":[{"item_id":"A","price":3}]}""");
        await SendAsync("198.51.100.99", BotAgent, $$"""{"site":"{{Other}}","url":"/robot"}""");
    }

    public Task WaitForHistoryAsync() => Eventually.BecomesAsync(
        async () => (await App.Http.GetStringAsync("/healthz", TestContext.Current.CancellationToken)).Contains(
            "\"state\":\"ready\",\"lag_seconds\":0,\"lag_commits\":0", StringComparison.Ordinal),
        "the history has caught up");

    /// <summary>All days but today are added up.</summary>
    public async Task WaitForRollupsAsync()
    {
        // A day that was just added up is added up again for its late hits only after five minutes.
        Time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.BecomesAsync(
            () =>
            {
                using var connection = App.Services.GetRequiredService<HistoryDatabase>().Connect();
                return Task.FromResult(connection.Scalar<long>("SELECT count(*) FROM open_days WHERE day < DATE '2024-04-01'") == 0);
            },
            "the days are added up");
    }

    /// <summary>
    /// Every dimension with its valid metrics, over all days, over open ones and over parts of days; or some of these queries.
    /// </summary>
    public async Task<List<string>> QueryAllAsync(bool all = false)
    {
        string[] visits = ["visitors", "visits", "pageviews", "events", "bounce_rate", "visit_duration", "views_per_visit"],
            hits = ["visitors", "pageviews", "events"],
            money = ["orders", "units", "revenue", "refunds", "net_revenue", "average_order"],
            rates = ["cart_rate", "checkout_rate", "purchase_rate", "abandonment"];
        const string Parts = """["2024-03-30T12:00:00Z","2024-04-01T09:03:00Z"]""", Sunday = """["2024-03-31","2024-03-31"]""";
        string[] dimensions = all
            ? [.. DimensionNames.All.Select(name => name.Replace("<name>", "plan")).Where(name =>
                name is not ("time:minute" or "visit:region" or "visit:region_name" or "visit:city" or "visit:city_name" or "bot:reason"))]
            : ["time:hour", "visit:country", "visit:browser", "visit:entry_page", "event:page", "event:props:Größe", "item:name"];
        var results = new List<string>();
        foreach (var dimension in dimensions)
        {
            var asked = dimension.StartsWith("visit", StringComparison.Ordinal) || dimension.StartsWith("time", StringComparison.Ordinal)
                ? visits : hits;
            results.Add(await QueryAsync(Berlin, "\"all\"", asked, dimension));
            results.Add(await QueryAsync(Berlin, "\"all\"", money, dimension));
            results.Add(await QueryAsync(Berlin, Parts, asked, dimension));
            if (!all) continue;
            results.Add(await QueryAsync(Berlin, "\"day\"", money, dimension));
            results.Add(await QueryAsync(Berlin, Sunday, rates, dimension));
        }
        foreach (var site in (string[])[Berlin, Other])
        {
            foreach (var range in (string[])["\"all\"", "\"day\"", Sunday, Parts])
                foreach (var metrics in (string[][])[visits, money, rates])
                    results.Add(await QueryAsync(site, range, metrics));
            foreach (var dimension in (string[])["bot:reason", "visit:country", "event:page", "time:day"])
                results.Add(await QueryAsync(site, "\"all\"", ["bot_hits"], dimension));
        }
        foreach (var filter in (string[])["""["contains","event:page",["a"]]""", """["is","event:props:plan",["gold"]]""",
            """["is","item:id",["A"]]""", """["has_done",["is","event:goal",["purchase"]]]"""])
            results.Add(await QueryAsync(
                $$"""{"site_id":"{{Berlin}}","date_range":"all","metrics":["visitors","visits","events","revenue"],"dimensions":""" +
                $$"""["visit:country"],"filters":[{{filter}}]}"""));
        results.Add(await QueryAsync(
            $$"""{"site_id":"{{Berlin}}","date_range":"all","funnel":{"steps":["page_view","view_item","purchase"]}""" +
            $$""","dimensions":["visit:country"]}"""));
        return results;
    }

    public async Task<string> ExportAsync(string site, string format, string folder, string range = "all")
    {
        var path = Path.Combine(folder, $"{site}-{range.Replace(',', '-')}.{format}");
        using var response = await App.Http.GetAsync($"/api/v1/export?site_id={site}&date_range={range}&format={format}",
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }

    private async Task DayAsync(int day)
    {
        for (var visitor = 1; visitor < 6; visitor++)
        {
            var (address, agent) = ($"198.51.100.{visitor}", Agents[visitor % 2]);
            var country = Countries[visitor % 3];
            var site = visitor % 4 == 3 ? Other : Berlin;
            const string Formulas = "utm_content=%3D1%2Bx&utm_term=%27%3Dy";
            await SendAsync(address, agent,
                $$"""{"site":"{{site}}","url":"https://shop.example/a{{visitor % 3}}?utm_source=mail&utm_campaign=c{{day}}""" +
                $$"""&{{Formulas}}","referrer":"https://www.google.com/","country":"{{country}}"}""");
            Time.Advance(TimeSpan.FromSeconds(20));
            await SendAsync(address, agent, $$"""
                [{"site":"{{site}}","name":"view_item","url":"https://shop.example/p","items":[{"item_id":"A","item_name":"Lamp, \"small\"",
                  "item_category":"Home","price":"10.123456"}]},
                 {"site":"{{site}}","name":"add_to_cart","items":[{"item_id":"A","item_name":"Lamp, \"small\"",
                  "item_brand":"Acme","price":10,"quantity":2.5},
                  {"item_name":"Tisch\u00e4"}]},
                 {"site":"{{site}}","name":"signup","props":{"plan":"gold","Größe":"L\nXL","x":"=1+1"},"value":2.5},
                 {"site":"{{site}}","url":"/a{{day}}"},
                 {"site":"{{site}}","url":"/a{{day}}"}]
                """);
            if (visitor % 3 == 0) continue;
            Time.Advance(TimeSpan.FromSeconds(20));
            await SendAsync(address, agent, $$"""
                [{"site":"{{site}}","name":"begin_checkout"},
                 {"site":"{{site}}","name":"purchase","transaction_id":"{{site}}-{{day}}-{{visitor}}",
                  "currency":"{{(visitor % 2 == 0 ? "EUR" : "CHF")}}","value":{{visitor}}.5,
                  "items":[{"item_id":"A","price":1,"quantity":3},{"item_id":"B","price":2}]},
                 {"site":"{{site}}","name":"purchase","transaction_id":"again-{{day}}-{{visitor}}",
                  "items":[{"item_id":"C","price":4.25,"quantity":2}]}]
                """);
        }
        await SendAsync("198.51.100.1", Agents[1],
            $$"""{"site":"{{Berlin}}","name":"purchase","transaction_id":"day-0","value":100,"currency":"EUR"}""");
        await SendAsync("198.51.100.1", Agents[1], $$"""{"site":"{{Berlin}}","name":"refund","transaction_id":"day-0"}""");
        await SendAsync("198.51.100.1", BotAgent,
            $$"""[{"site":"{{Berlin}}","url":"/robot"},{"site":"{{Berlin}}","name":"purchase","value":1},""" +
            $$"""{"site":"{{Other}}","url":"/r"}]""");
        await SendAsync("198.51.100.1", Agents[0], $$"""{"site":"{{Berlin}}","url":"/a","referrer":"https://semalt.com/"}""");
        // Late: of yesterday, when there is one.
        if (day > 0) await SendAsync("198.51.100.5", Agents[1],
            $$"""{"site":"{{Berlin}}","url":"/late","timestamp":"{{Time.GetUtcNow().AddHours(-12):O}}"}""");
        using var visit =
            await App.Http.PostAsync($"/api/v1/stats?countryCode=at&site={Berlin}", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, visit.StatusCode);
    }

    private async Task SendAsync(string address, string agent, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/api/v1/events")
        { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
        request.Headers.TryAddWithoutValidation("Accept-Language", "de-AT");
        using var response = await App.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True((string?)body["rejected"]?.ToJsonString() == "[]", body.ToJsonString());
    }

    private Task<string> QueryAsync(string site, string range, string[] metrics, params string[] dimensions) =>
        QueryAsync($$"""{"site_id":"{{site}}","date_range":{{range}},"metrics":{{JsonArray(metrics)}}""" +
            $$""","dimensions":{{JsonArray(dimensions)}}}""");

    private async Task<string> QueryAsync(string query)
    {
        using var response = await App.Http.PostAsync("/api/v1/query", new StringContent(query), TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return $"{query} {(int)response.StatusCode} {(body["results"] ?? body["error"])!.ToJsonString()} {body["meta"]?.ToJsonString()}";
    }

    private static string JsonArray(string[] texts) => $"[{string.Join(',', texts.Select(text => $"\"{text}\""))}]";
}
