using System.Text;
using Footfall.Common;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Hosting;

/// <summary>The limits by client of queries, exports and live streams.</summary>
public sealed class ClientRateLimitTests
{
    private const string Query = "/api/v1/query", Export = "/api/v1/export?site_id=default&date_range=day", Live = "/api/v1/stats/live";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("QueriesPerMinute", Query, "/api/v2/query")]
    [InlineData("ExportsPerMinute", Export, Export)]
    public async Task Requests_over_the_limit_are_refused_until_the_minute_is_over(string setting, string first, string second)
    {
        var time = new FakeTimeProvider();
        await using var app = FootfallApp.Start(
            time, null, ("RateLimit:PerMinute", "100"), ($"RateLimit:{setting}", "2"), ("TrustedProxies", "127.0.0.1"));
        // Without a history: not 200, but counted.
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await SendAsync(app, first)).Status);
        time.Advance(TimeSpan.FromSeconds(30.5));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await SendAsync(app, second)).Status);
        var (status, retry, body) = await SendAsync(app, first);
        Assert.Equal((HttpStatusCode.TooManyRequests, "30"), (status, retry));
        Assert.Equal("""{"error":"Too many requests. Please try again later.","code":"TOO_MANY_REQUESTS"}""", body);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await SendAsync(app, first, "192.0.2.2")).Status);
        var metrics = await app.Http.GetStringAsync("/metrics", Stop);
        Assert.Contains("footfall_requests_refused_total{reason=\"TOO_MANY_REQUESTS\"} 1\n", metrics, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(29.5));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await SendAsync(app, second)).Status);
    }

    [Fact]
    public async Task So_many_live_streams_of_a_client_are_open_at_once()
    {
        await using var app = FootfallApp.Start(
            ("RateLimit:PerMinute", "100"), ("RateLimit:LiveConnections", "2"), ("TrustedProxies", "127.0.0.1"));
        var first = await OpenAsync(app, "2001:db8::1");
        using var second = await OpenAsync(app, "2001:db8::2");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        using (var third = await OpenAsync(app, "2001:db8::3"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
            Assert.NotNull(third.Headers.RetryAfter);
        }
        using (var other = await OpenAsync(app, "2001:db8:0:1::1")) Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        first.Dispose();
        await Eventually.BecomesAsync(
            async () =>
            {
                using var again = await OpenAsync(app, "2001:db8::4");
                return again.StatusCode == HttpStatusCode.OK;
            },
            "there is room for another one");
    }

    [Theory]
    [InlineData("PerMinute", "0")]
    [InlineData("QueriesPerMinute", "0")]
    public async Task A_limit_of_0_is_none_and_that_of_the_stats_turns_all_off(string setting, string value)
    {
        await using var app = FootfallApp.Start([
            .. new Dictionary<string, string> { ["PerMinute"] = "100", ["QueriesPerMinute"] = "1", [setting] = value }
                .Select(pair => ($"RateLimit:{pair.Key}", pair.Value)),
        ]);
        for (var i = 0; i < 3; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, (await SendAsync(app, Query)).Status);
    }

    [Fact]
    public void No_office_full_of_dashboards_meets_them()
    {
        var limits = new FootfallOptions().RateLimit;
        Assert.Equal((6_000, 60, 1_000), (limits.QueriesPerMinute, limits.ExportsPerMinute, limits.LiveConnections));
    }

    private static async Task<(HttpStatusCode Status, string? Retry, string Body)> SendAsync(
        FootfallApp app, string path, string address = "192.0.2.1")
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(path == Export ? HttpMethod.Get : HttpMethod.Post, path);
        if (path != Export) request.Content = content;
        request.Headers.Add("X-Forwarded-For", address);
        using var answer = await app.Http.SendAsync(request, Stop);
        return (answer.StatusCode, answer.Headers.RetryAfter?.ToString(), await answer.Content.ReadAsStringAsync(Stop));
    }

    private static Task<HttpResponseMessage> OpenAsync(FootfallApp app, string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Live);
        request.Headers.Add("X-Forwarded-For", address);
        return app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
    }
}
