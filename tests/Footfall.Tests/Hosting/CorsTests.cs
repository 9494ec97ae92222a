using Footfall.Hosting;

namespace Footfall.Tests.Hosting;

public sealed class CorsTests
{
    private const string Shop = "https://shop.example";

    [Theory]
    [InlineData("/api/v1/stats")]
    [InlineData("/api/v1/events")]
    public async Task By_default_any_page_may_post(string path)
    {
        await using var app = FootfallApp.Start();
        using var answer = await PreflightAsync(app, path, Shop);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("POST", Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal("Authorization,Content-Type,Content-Encoding,Idempotency-Key,Last-Event-ID",
            Header(answer, "Access-Control-Allow-Headers"));
        Assert.Equal("7200", Header(answer, "Access-Control-Max-Age"));
        Assert.Equal("", Header(answer, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task A_preflight_does_not_count_against_the_limit()
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", "1"));
        for (var i = 0; i < 3; i++) (await PreflightAsync(app, "/api/v1/stats", Shop)).Dispose();
        await app.VisitAsync("us");
    }

    [Theory]
    [InlineData("/api/v1/stats", 200)]
    [InlineData("/nothing", 404)]
    public async Task A_page_may_read_the_answer_and_the_limits(string path, int status)
    {
        await using var app = FootfallApp.Start();
        using var answer = await GetAsync(app, path, Shop);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("RateLimit-Policy,RateLimit-Limit,RateLimit-Remaining,RateLimit-Reset,Retry-After,ETag",
            Header(answer, "Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task A_refusal_of_the_limit_may_be_read_too()
    {
        await using var app = FootfallApp.Start(("RateLimit:PerMinute", "1"));
        (await GetAsync(app, "/api/v1/stats", Shop)).Dispose();
        using var answer = await GetAsync(app, "/api/v1/stats", Shop);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("*", Header(answer, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Origins_that_are_named_may_call_with_credentials_and_no_others()
    {
        await using var app = FootfallApp.Start(("AllowedOrigins", "https://shop.example, http://localhost:8080"));
        using var named = await PreflightAsync(app, "/api/v1/events", "http://localhost:8080");
        Assert.Equal("http://localhost:8080", Header(named, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(named, "Access-Control-Allow-Credentials"));

        using var other = await PreflightAsync(app, "/api/v1/events", "https://evil.example");
        Assert.Equal("", Header(other, "Access-Control-Allow-Origin"));
        using var read = await GetAsync(app, "/api/v1/stats", "https://evil.example");
        Assert.Equal("", Header(read, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Without_an_origin_nothing_is_said()
    {
        await using var app = FootfallApp.Start();
        using var answer = await app.Http.GetAsync("/api/v1/stats", TestContext.Current.CancellationToken);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("https://shop.example", true)]
    [InlineData("https://shop.example, http://localhost:8080,", true)]
    [InlineData("", false)]
    [InlineData(",", false)]
    [InlineData("shop.example", false)]
    [InlineData("https://shop.example/", false)]
    [InlineData("https://shop.example/path", false)]
    [InlineData("https://user@shop.example", false)]
    [InlineData("ftp://shop.example", false)]
    [InlineData("https://shop.example, *", false)]
    public void The_setting_takes_origins_as_browsers_write_them(string setting, bool valid) =>
        Assert.Equal(valid, CorsOptionsSetup.AreValidOrigins(setting));

    private static async Task<HttpResponseMessage> PreflightAsync(FootfallApp app, string path, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type,content-encoding,idempotency-key");
        return await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpResponseMessage> GetAsync(FootfallApp app, string path, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", origin);
        return await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
