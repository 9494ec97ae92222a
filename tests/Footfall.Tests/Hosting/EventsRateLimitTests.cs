namespace Footfall.Tests.Hosting;

/// <summary>The limit of requests by client to what takes events.</summary>
public sealed class EventsRateLimitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_and_the_pixel_share_a_limit_by_client_and_stats_has_its_own()
    {
        await using var app =
            FootfallApp.Start(("RateLimit:PerMinute", "100"), ("RateLimit:EventsPerMinute", "3"), ("TrustedProxies", "127.0.0.1"));
        Assert.Equal(HttpStatusCode.Accepted, (await EventAsync(app)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await EventAsync(app)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/api/v1/pixel.gif?url=/a", Stop)).StatusCode);

        using var refused = await EventAsync(app);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.False(refused.Headers.Contains("RateLimit-Limit"));
        Assert.Contains("TOO_MANY_REQUESTS", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Http.GetAsync("/api/v1/pixel.gif?url=/a", Stop)).StatusCode);

        Assert.Equal(HttpStatusCode.Accepted, (await EventAsync(app, "192.0.2.7")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/api/v1/stats", Stop)).StatusCode);
    }

    [Theory]
    [InlineData("100", "0")]
    [InlineData("0", "1")]
    public async Task It_can_be_turned_off_alone_and_with_all_others(string stats, string events)
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", stats), ("RateLimit:EventsPerMinute", events));
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Accepted, (await EventAsync(app)).StatusCode);
    }

    private static async Task<HttpResponseMessage> EventAsync(FootfallApp app, string? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/api/v1/events")
        { Content = new StringContent("""{"name":"visit","country":"us"}""") };
        if (client is not null) request.Headers.Add("X-Forwarded-For", client);
        return await app.Http.SendAsync(request, Stop);
    }
}
