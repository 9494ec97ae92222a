using Footfall.Tests;
using Footfall.Tests.Deploy;
using Footfall.Tests.Journal.Redis;
using Microsoft.Playwright;

namespace Footfall.Browser;

/// <summary>Two nodes on one Redis behind Nginx, and a person who looks at the dashboard.</summary>
public sealed class NodesTests(Chromium chromium)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dashboard_goes_on_when_the_node_that_feeds_it_is_killed()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        using var first = new TemporaryDirectory();
        using var second = new TemporaryDirectory();
        await using var one = await StartAsync(first, redis);
        await using var other = await StartAsync(second, redis);
        await using var nginx = await Nginx.StartAsync(one.Address, other.Address);
        using var shop = nginx.ClientFrom("127.0.0.1", nginx.ApiAddress);
        await using var person = await chromium.PersonAsync();
        var page = await person.NewPageAsync();
        await page.GotoAsync($"{nginx.DashboardAddress.AbsoluteUri}?site=shop.example");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Live" })).ToBeVisibleAsync();
        await page.EvaluateAsync("window.sameDocument = true");
        await VisitAsync(shop, 3);
        await VisitsAsync(page, "3");

        var fed = await WatchersAsync(one) > 0 ? one : other;
        await fed.KillAsync();
        await VisitAsync(shop, 4);

        await VisitsAsync(page, "7");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Live" })).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"), "The page was loaded anew.");
        // And what it has not loaded yet is there too.
        await page.GetByRole(AriaRole.Link, new() { Name = "Analytics" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Countries" })).ToBeVisibleAsync();
    }

    private static Task<FootfallProcess> StartAsync(TemporaryDirectory data, RedisServer redis) => FootfallProcess.StartAsync(
        data, null, ("Footfall__Journal", "Redis"), ("Footfall__Redis__Connection", redis.Connection),
        ("Footfall__TrustedProxies", "127.0.0.0/8"));

    /// <summary>With a key, as the tracker sends them: Nginx gives those to the other node where one fails.</summary>
    private static async Task VisitAsync(HttpClient shop, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/stats?countryCode=de&site=shop.example");
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            using var answer = await shop.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
    }

    private static async Task<double> WatchersAsync(FootfallProcess node)
    {
        var metrics = await node.Http.GetStringAsync("/metrics", Stop);
        return double.Parse(metrics.Split('\n').Single(line => line.StartsWith("footfall_live_watchers ", StringComparison.Ordinal))
            .Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task VisitsAsync(IPage page, string count) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Visits today" }).Locator("xpath=following-sibling::p[1]"))
            .ToHaveTextAsync(count);
}
