using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Live;

public sealed class DailyStatsTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 3, 10, TimeSpan.Zero));

    [Fact]
    public async Task What_happens_in_a_shop_today_is_reported_by_country()
    {
        await using var app = FootfallApp.Start();
        await using var stream = await SseStream.OpenAsync(app);
        await SendAsync(app, new { url = "/", country = "DE" }, new { url = "/lamps", country = "DE" },
            new { name = "add_to_cart", url = "/cart", country = "DE" },
            new { name = "begin_checkout", country = "DE" }, Order("T-1", 59.9), new { url = "/", country = "FR" });

        await stream.WaitUntilAsync(state => state.GetStat("pageviews", "fr") == 1);
        Assert.Equal((2m, 1m, 1m, 1m, 59.9m), stream.ReadState(p => (p.GetStat("pageviews", "de"), p.GetStat("carts", "de"),
            p.GetStat("checkouts", "de"), p.GetStat("orders", "de"), p.GetStat("revenue", "de"))));
    }

    [Fact]
    public async Task An_order_is_worth_its_products_where_it_says_nothing_else_and_counts_once()
    {
        await using var app = FootfallApp.Start();
        await using var stream = await SseStream.OpenAsync(app);
        var order = new
        {
            name = "purchase",
            country = "DE",
            transaction_id = "T-1",
            items = new[] { new { item_name = "Lamp",
            price = 20.25, quantity = 2 }, new { item_name = "Bulb", price = 1.0, quantity = 1 } }
        };
        await SendAsync(app, order);
        await SendAsync(app, order, new { url = "/", country = "FR" });

        await stream.WaitUntilAsync(state => state.GetStat("pageviews", "fr") == 1);
        Assert.Equal((1m, 41.5m), stream.ReadState(p => (p.GetStat("orders", "de"), p.GetStat("revenue", "de"))));
    }

    [Fact]
    public async Task An_order_in_another_currency_is_converted_by_the_rates_and_worth_nothing_without_one()
    {
        using var directory = new TemporaryDirectory();
        var rates = Path.Combine(directory, "rates.csv");
        await File.WriteAllTextAsync(rates, "USD,2\n", TestContext.Current.CancellationToken);
        await using var app = FootfallApp.Start(("History:Rates", rates));
        await using var stream = await SseStream.OpenAsync(app);
        await SendAsync(app, Order("T-1", 30, "USD"), Order("T-2", 30, "JPY"));

        await stream.WaitUntilAsync(state => state.GetStat("orders", "de") == 2);
        Assert.Equal(15m, stream.ReadState(p => p.GetStat("revenue", "de")));
    }

    [Fact]
    public async Task The_latest_hits_tell_what_happened_and_not_who_it_was()
    {
        await using var app = FootfallApp.Start();
        await SendAsync(app, new
        {
            url = "https://shop.example/lamps?utm_source=mail",
            country = "DE",
            id = "key-1",
            props = new { email = "a@b.example" }
        }, Order("T-1", 59.9, "USD"), new { name = "wishlist", country = "FR" });
        await using var stream = await SseStream.OpenAsync(app);

        await stream.WaitUntilAsync(state => state.Hits.Count == 3);
        var hits = stream.ReadState(p => p.Hits.Select(hit => hit.DeepClone().AsObject()).ToList());
        Assert.Equal(["page_view", "purchase", "wishlist"], hits.Select(hit => (string)hit["name"]!));
        Assert.Equal(("/lamps", "de", true), ((string)hits[0]["page"]!, (string)hits[0]["country"]!, (bool)hits[0]["visit"]!));
        Assert.Equal(("Lamp", 59.9m, "USD"), ((string)hits[1]["item"]!, (decimal)hits[1]["value"]!, (string)hits[1]["currency"]!));
        string[] shown = ["n", "time", "country", "name", "page", "item", "value", "currency", "visit"];
        Assert.All(hits, hit => Assert.Empty(hit.Select(member => member.Key).Except(shown)));
    }

    [Fact]
    public async Task Of_many_hits_at_once_a_few_are_shown_and_all_are_counted()
    {
        await using var app = FootfallApp.Start(_clock);
        await SendAsync(app, [.. Enumerable.Range(0, 1_000).Select(i => new { url = $"/{i}", country = "DE" })]);
        await using var stream = await SseStream.OpenAsync(app);

        await stream.WaitUntilAsync(state => state.GetStat("pageviews", "de") == 1_000, _clock);
        Assert.Equal(["/0", "/1", "/2"], stream.ReadState(p => p.Hits.Select(hit => (string)hit["page"]!).ToList()));
    }

    [Fact]
    public async Task An_order_is_shown_however_many_hits_come_with_it()
    {
        await using var app = FootfallApp.Start(_clock);
        await using var stream = await SseStream.OpenAsync(app);
        var pages = Enumerable.Range(0, 50).Select(object (i) => new { url = $"/{i}", country = "DE" });
        await SendAsync(app, [.. pages, new { name = "purchase", transaction_id = "T-1", value = 79.9, country = "DE" },
            new { name = "refund", transaction_id = "T-1", country = "DE" }]);

        await stream.WaitUntilAsync(state => state.GetStat("pageviews", "de") == 50, _clock);
        Assert.Equal(["page_view", "page_view", "page_view", "purchase", "refund"],
            stream.ReadState(p => p.Hits.Select(hit => (string)hit["name"]!).ToList()));
    }

    [Fact]
    public async Task Yesterday_is_reported_until_the_same_time_once_it_is_known()
    {
        await using var app = FootfallApp.Start(_clock, null, ("History:Enabled", "true"));
        await using (var waiting = await SseStream.OpenAsync(app)) await waiting.WaitUntilAsync(state => state.KnowsYesterday, _clock);
        await SendAsync(app, new { url = "/", country = "DE" }, Order("T-1", 10), new { name = "visit", country = "FR" });
        _clock.Advance(TimeSpan.FromHours(2));
        await SendAsync(app, Order("T-2", 20));
        _clock.Advance(TimeSpan.FromHours(22) + TimeSpan.FromMinutes(5));

        await using var stream = await SseStream.OpenAsync(app);
        await stream.WaitUntilAsync(state => state.GetStat("yesterday orders", "de") == 1, _clock);
        Assert.Equal((10m, 1m, 1m, 1m), stream.ReadState(p => (p.GetStat("yesterday revenue", "de"), p.GetStat("yesterday visits", "de"),
            p.GetStat("yesterday active", "de"), p.GetStat("yesterday visits", "fr"))));
        Assert.Equal((0m, 0m), stream.ReadState(p => (p.GetStat("orders", "de"), p.GetStat("pageviews", "de"))));

        _clock.Advance(TimeSpan.FromHours(2));
        await stream.WaitUntilAsync(state => state.GetStat("yesterday revenue", "de") == 30, _clock);
        Assert.Equal(0m, stream.ReadState(p => p.GetStat("yesterday active", "fr")));
    }

    [Fact]
    public async Task After_a_restart_the_figures_are_as_before_and_what_comes_meanwhile_counts_once()
    {
        using var data = new TemporaryDirectory();
        string before;
        await using (var first = FootfallApp.Start(null, data, ("History:Enabled", "true")))
        {
            await SendAsync(first, new { url = "/", country = "DE" }, Order("T-1", 59.9), new { name = "add_to_cart", country = "DE" },
                new { name = "begin_checkout", country = "DE" });
            await using var stream = await SseStream.OpenAsync(first);
            await stream.WaitUntilAsync(state => state is { KnowsYesterday: true } && state.GetStat("checkouts", "de") == 1);
            before = stream.ReadState(p => p.DescribeStats());
        }
        await using var second = FootfallApp.Start(null, data, ("History:Enabled", "true"));
        await using var again = await SseStream.OpenAsync(second);
        await SendAsync(second, new { url = "/", country = "FR" });

        await again.WaitUntilAsync(state => state is { KnowsYesterday: true } && state.GetStat("pageviews", "fr") == 1);
        Assert.Equal(before.Replace("pageviews {de:1}", "pageviews {de:1,fr:1}", StringComparison.Ordinal),
            again.ReadState(p => p.DescribeStats()));
        // The start replays what is shown of the last half hour.
        Assert.Contains(again.ReadState(p => p.Hits.Select(hit => (string)hit["name"]!).ToList()), name => name == "purchase");
    }

    private static object Order(string transaction, double value, string currency = "EUR") =>
        new
        {
            name = "purchase",
            url = "/thanks",
            country = "DE",
            transaction_id = transaction,
            value,
            currency,
            items = new[] { new { item_name = "Lamp", price = value } }
        };

    private static async Task SendAsync(FootfallApp app, params object[] hits)
    {
        using var response = await app.Http.PostAsJsonAsync("/api/v1/events", hits, TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Empty(body["rejected"]!.AsArray());
    }
}
