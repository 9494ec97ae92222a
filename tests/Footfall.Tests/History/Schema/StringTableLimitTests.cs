using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.History.Schema;

/// <summary>How many texts a client can make the history store.</summary>
public sealed class StringTableLimitTests
{
    private const int Limit = 1_000;

    [Fact]
    public async Task New_texts_of_a_site_and_day_beyond_the_limit_are_other_and_every_hit_is_counted()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));
        await using var app = FootfallApp.Start(time, null, ("History:Enabled", "true"), ("History:NewTextsPerDay", $"{Limit}"));
        await app.Http.EventsAsync(Enumerable.Range(0, 1_500)
            .Select(i => (object)new { site = "loud.example", url = $"https://loud.example/{i}" }));
        await app.Http.CaughtUpAsync();

        // Host and browser are texts too.
        var other = await PageviewsAsync(app, "loud.example", "(other)");
        Assert.InRange(other, 500, 510);
        Assert.Equal(1_500, await PageviewsAsync(app, "loud.example"));
        Assert.Contains($"footfall_history_texts_limited_total {other}",
            await app.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // What is known stays what it is, and so does another site.
        await app.Http.EventsAsync(new { site = "loud.example", url = "https://loud.example/7" },
            new { site = "quiet.example", url = "https://quiet.example/new" });
        // Money keeps its currency, and a product and its props are one of the others.
        await app.Http.EventsAsync(new
        {
            site = "loud.example",
            name = "purchase",
            transaction_id = "T1",
            value = 12.5,
            currency = "CHF",
            url = "https://loud.example/thanks",
            items = new[] { new { item_id = "new", item_name = "New", price = 12.5, quantity = 1 } },
            props = new { plan = "gold" },
        });
        await app.Http.CaughtUpAsync();
        Assert.Equal(2, await PageviewsAsync(app, "loud.example", "/7"));
        Assert.Equal(1, await PageviewsAsync(app, "quiet.example", "/new"));
        Assert.Equal("""[{"metrics":[1],"dimensions":["CHF"]}]""", await QueryAsync(app,
            """{"site_id":"loud.example","metrics":["orders"],"dimensions":["event:currency"],"date_range":"day"}"""));
        Assert.Equal("""[{"metrics":[1],"dimensions":["(other)"]}]""",
            await QueryAsync(app, """{"site_id":"loud.example","metrics":["units"],"dimensions":["item:name"],"date_range":"day"}"""));

        time.Advance(TimeSpan.FromDays(1));
        await app.Http.EventsAsync(new { site = "loud.example", url = "https://loud.example/tomorrow" });
        await app.Http.CaughtUpAsync();
        Assert.Equal(1, await PageviewsAsync(app, "loud.example", "/tomorrow"));
    }

    private static async Task<int> PageviewsAsync(FootfallApp app, string site, string? page = null)
    {
        var filter = page is null ? "" : $$""","filters":[["is","event:page",["{{page}}"]]]""";
        var (status, body) = await app.Http.QueryAsync($$"""{"site_id":"{{site}}","metrics":["pageviews"],"date_range":"all"{{filter}}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        return (int?)body["results"]!.AsArray().FirstOrDefault()?["metrics"]![0] ?? 0;
    }

    private static async Task<string> QueryAsync(FootfallApp app, string query)
    {
        var (status, body) = await app.Http.QueryAsync(query);
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        return body["results"]!.ToJsonString();
    }
}
