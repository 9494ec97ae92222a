using Footfall.Common;
using Footfall.Live;
using Footfall.Tests.History;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Live;

/// <summary>The largest amounts that a hit may have, and a defect in one of many hits.</summary>
public sealed class LiveAmountsTests
{
    private const string Visit = """{"name":"visit","country":"FR"}""";

    private const string Largest =
        """{"name":"purchase","country":"DE","items":[{"item_id":"a","price":999999999999,"quantity":999999999999}]}""";

    [Fact]
    public async Task The_largest_order_takes_no_other_hit_with_it()
    {
        await using var app = FootfallApp.Start(("History:Enabled", "true"));
        await using var stream = await SseStream.OpenAsync(app);
        await app.VisitAsync("fr", 3);
        await app.Http.EventsAsync([Largest, .. Enumerable.Repeat(Visit, 50)]);

        await stream.WaitUntilAsync(state => state.Total("fr") == 53);
        Assert.Equal((1m, 999_999_999_999.999_999m), stream.ReadState(p => (p.GetStat("orders", "de"), p.GetStat("revenue", "de"))));
        await app.Http.CaughtUpAsync();
        Assert.Equal(["FR|53", "DE|1"], await app.Http.QueryRowsAsync("visits", "visit:country", range: "\"30m\""));
        Assert.Equal(54, await app.Http.MetricAsync("footfall_hits_accepted_total"));
    }

    [Fact]
    public async Task Many_of_the_largest_orders_fill_the_revenue_and_never_empty_it()
    {
        using var data = new TemporaryDirectory();
        using var directory = new TemporaryDirectory();
        var rates = Path.Combine(directory, "rates.csv");
        await File.WriteAllTextAsync(rates, "USD,0.0000000000001\nGBP,1000000000000\n", TestContext.Current.CancellationToken);
        (string, string)[] settings = [("History:Enabled", "true"), ("History:Rates", rates)];
        var items = string.Join(',', Enumerable.Repeat("""{"item_id":"a","price":999999999999,"quantity":999999999999}""", 200));
        await using (var app = FootfallApp.Start(null, data, settings))
        {
            await using var stream = await SseStream.OpenAsync(app);
            await app.Http.EventsAsync(
                from currency in (string[])["EUR", "USD", "GBP"]
                from name in (string[])["purchase", "refund"]
                from i in Enumerable.Range(0, 20)
                select $$"""{"name":"{{name}}","country":"DE","currency":"{{currency}}","items":[{{items}}]}""");
            await app.Http.EventsAsync(Visit);
            await stream.WaitUntilAsync(state => state.Total("fr") == 1);
            Assert.Equal((60m, 9_223_372_036_854.775_807m), stream.ReadState(p => (p.GetStat("orders", "de"), p.GetStat("revenue", "de"))));
            await app.Http.CaughtUpAsync();
            foreach (var dimension in (string[])["", "visit:country", "event:name", "item:id", "time:hour"])
            {
                var more = dimension == "time:hour" ? "" : ""","include":{"comparisons":{"mode":"previous_period"}}""";
                Assert.NotEmpty(await app.Http.QueryRowsAsync("revenue,refunds,net_revenue,average_order,orders,units", dimension,
                    range: "\"day\"", more: more));
            }
            foreach (var (what, format) in from what in (string[])["hits", "visits", "rollups"]
                                           from format in (string[])["csv", "ndjson", "parquet"]
                                           select (what, format))
            {
                using var export = await app.Http.GetAsync($"/api/v1/export?site_id=default&what={what}&format={format}&date_range=all",
                    TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, export.StatusCode);
                Assert.True(what == "rollups"
                    || (await export.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length > 0, $"{what} {format}");
            }
        }
        await using var again = FootfallApp.Start(null, data, settings);
        await using var second = await SseStream.OpenAsync(again);
        await second.WaitUntilAsync(state => state is { KnowsYesterday: true });
        Assert.Equal((60m, 9_223_372_036_854.775_807m), second.ReadState(p => (p.GetStat("orders", "de"), p.GetStat("revenue", "de"))));
    }

    [Fact]
    public async Task A_hit_that_can_not_be_shown_keeps_no_other_from_it()
    {
        await using var app = FootfallApp.Start(services => services.AddSingleton<ICurrencyConverter>(new Broken()));
        await using var stream = await SseStream.OpenAsync(app);
        await app.Http.EventsAsync(["""{"name":"purchase","country":"DE","value":1,"currency":"USD"}""", .. Enumerable.Repeat(Visit, 5)]);

        await stream.WaitUntilAsync(state => state.Total("fr") == 5);
        Assert.Equal(6, await app.Http.MetricAsync("footfall_hits_accepted_total"));
    }

    private sealed class Broken : ICurrencyConverter
    {
        public decimal? ToSite(decimal amount, string from, Site site, int day) => throw new OverflowException();
    }
}
