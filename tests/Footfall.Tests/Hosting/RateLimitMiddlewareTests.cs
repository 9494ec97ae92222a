using Footfall.Common;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Hosting;

public sealed class RateLimitMiddlewareTests
{
    private const string Stats = "/api/v1/stats";

    [Fact]
    public async Task Requests_over_the_limit_are_refused_with_the_original_sentence()
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", "3"));
        await app.VisitAsync("us", 3);

        using var answer = await app.Http.PostAsync($"{Stats}?countryCode=us", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("""{"error":"Too many requests. Please try again later.","code":"TOO_MANY_REQUESTS"}""", await TextAsync(answer));
    }

    [Fact]
    public async Task The_default_is_100_a_minute()
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", "100"));
        await app.VisitAsync("us", 100);
        using var answer = await app.Http.GetAsync(Stats, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(100, new FootfallOptions().RateLimit.PerMinute);
    }

    [Fact]
    public async Task Every_response_has_the_remaining_limit_as_in_express_rate_limit()
    {
        var time = new FakeTimeProvider();
        await using var app = FootfallApp.Start(time, null, ("RateLimit:PerMinute", "2"));

        Assert.Equal("2;w=60, 2, 1, 60, none", await LimitsAsync(app, HttpMethod.Get, Stats));
        time.Advance(TimeSpan.FromSeconds(20.5));
        Assert.Equal("2;w=60, 2, 0, 40, none", await LimitsAsync(app, HttpMethod.Post, $"{Stats}?countryCode=none"));
        time.Advance(TimeSpan.FromSeconds(9.5));
        Assert.Equal("2;w=60, 2, 0, 30, 30", await LimitsAsync(app, HttpMethod.Get, Stats));
    }

    [Fact]
    public async Task The_window_begins_with_the_first_request_and_ends_60_seconds_later()
    {
        var time = new FakeTimeProvider();
        await using var app = FootfallApp.Start(time, null, ("RateLimit:PerMinute", "1"));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, Stats));
        time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(app, Stats));
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, Stats));
    }

    [Theory]
    [InlineData("/api/v1/stats/")]
    [InlineData("/API/v1/STATS")]
    [InlineData("/api/v1/st%61ts")]
    public async Task No_other_spelling_of_the_path_goes_round_it(string path)
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", "1"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, Stats));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(app, path));
    }

    [Theory]
    [InlineData("/api/v1/stats/live")]
    [InlineData("/api/v1/ping")]
    [InlineData("/api/v1/healthz")]
    public async Task Other_paths_have_no_limit(string path)
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", "1"));
        for (var i = 0; i < 3; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, await StatusAsync(app, path));
        Assert.Equal("none, none, none, none, none", await LimitsAsync(app, HttpMethod.Get, path));
    }

    [Fact]
    public async Task A_limit_of_0_is_none_and_sends_no_headers()
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", "0"));
        await app.VisitAsync("us", 120);
        Assert.Equal("none, none, none, none, none", await LimitsAsync(app, HttpMethod.Get, Stats));
    }

    [Fact]
    public async Task Each_address_has_its_own()
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", "1"));
        const string Request = "GET /api/v1/stats HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        Assert.StartsWith("HTTP/1.1 200", await RawRequest.SendAsync(app.Address, Request, "127.0.0.2"));
        Assert.StartsWith("HTTP/1.1 200", await RawRequest.SendAsync(app.Address, Request, "127.0.0.3"));
        Assert.StartsWith("HTTP/1.1 429", await RawRequest.SendAsync(app.Address, Request, "127.0.0.2"));
    }

    [Fact]
    public async Task A_clock_that_jumps_neither_gives_nor_takes()
    {
        var time = new AdjustableTimeProvider(TimeProvider.System.GetUtcNow());
        await using var app = FootfallApp.Start(time, null, ("RateLimit:PerMinute", "2"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, Stats));
        time.Jump(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, Stats));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(app, Stats));
        time.Jump(TimeSpan.FromDays(-2));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(app, Stats));
    }

    [Fact]
    public async Task Refusals_are_a_metric()
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", "1"));
        for (var i = 0; i < 3; i++) await StatusAsync(app, Stats);
        var metrics = await app.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("footfall_requests_refused_total{reason=\"TOO_MANY_REQUESTS\"} 2", metrics, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(FootfallApp app, string path)
    {
        using var answer = await app.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Policy, limit, remaining, reset, retry.</summary>
    private static async Task<string> LimitsAsync(FootfallApp app, HttpMethod method, string path)
    {
        using var answer = await app.Http.SendAsync(new HttpRequestMessage(method, path), HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
        return string.Join(", ",
            ((string[])["RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"])
            .Select(name => answer.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : "none"));
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
