using System.Globalization;

namespace Footfall.Tests.Ingest.Events;

public sealed class BotHitTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", 0)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", 1)]
    [InlineData("curl/8.5.0", 1)]
    [InlineData("python-requests/2.32.0", 1)]
    [InlineData("", 1)]
    public async Task A_page_view_of_a_bot_is_accepted_but_is_no_visit_unless_a_shops_own_server_sends_it(string userAgent, long visits)
    {
        await using var app = FootfallApp.Start();
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/api/v1/events")
        { Content = JsonContent.Create(new { url = "/lamp", country = "DE" }) };
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("""{"accepted":1,"duplicates":0,"rejected":[]}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(visits, (await app.StatsAsync()).GetValueOrDefault("de"));
        Assert.Equal(1 - visits, await BotsAsync(app, "user_agent"));
    }

    [Fact]
    public async Task A_hit_that_referrer_spam_sent_is_taken_and_no_visit_but_a_bare_visit_is_one()
    {
        await using var app = FootfallApp.Start();
        var answer = await app.PostEventsAsync("""
            {"url": "/lamp", "country": "DE", "referrer": "https://a.semalt.com/x"}
            {"name": "visit", "country": "FR", "referrer": "https://a.semalt.com/x"}
            {"url": "/lamp", "country": "NL", "referrer": "https://www.google.com/"}
            """, PostExtensions.NdJson);
        answer.AssertBatch(accepted: 3);
        Assert.Equal(new() { ["fr"] = 1, ["nl"] = 1 }, await app.StatsAsync());
        Assert.Equal((0, 1), (await BotsAsync(app, "user_agent"), await BotsAsync(app, "referrer_spam")));
    }

    private static async Task<long> BotsAsync(FootfallApp app, string reason)
    {
        var metrics = await app.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var name = $"footfall_bot_hits_total{{reason=\"{reason}\"}} ";
        return long.Parse(metrics.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..],
            CultureInfo.InvariantCulture);
    }
}
