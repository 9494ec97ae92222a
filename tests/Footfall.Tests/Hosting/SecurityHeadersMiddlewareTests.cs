using Footfall.Hosting;

namespace Footfall.Tests.Hosting;

public sealed class SecurityHeadersMiddlewareTests
{
    /// <summary>Helmet 8's defaults, except the Content-Security-Policy.</summary>
    private static readonly (string Name, string Value)[] Helmet =
    [
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Origin-Agent-Cluster", "?1"),
        ("Referrer-Policy", "no-referrer"),
        ("Strict-Transport-Security", "max-age=31536000"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-DNS-Prefetch-Control", "off"),
        ("X-Download-Options", "noopen"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("X-Permitted-Cross-Domain-Policies", "none"),
        ("X-XSS-Protection", "0"),
    ];

    [Theory]
    [InlineData("POST", "/api/v1/stats?countryCode=us", 201)]
    [InlineData("POST", "/api/v1/stats", 422)]
    [InlineData("GET", "/api/v1/stats", 200)]
    [InlineData("GET", "/api/v1/ping", 200)]
    [InlineData("GET", "/nothing/here", 404)]
    [InlineData("DELETE", "/api/v1/stats", 405)]
    [InlineData("GET", "/api/v1/docs/index.html", 200)]
    [InlineData("GET", "/api/v1/docs.json", 200)]
    public async Task Every_answer_has_what_Helmet_sets(string method, string path, int status)
    {
        await using var app = FootfallApp.Start();
        using var answer =
            await app.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        foreach (var (name, value) in Helmet) Assert.Equal((name, value), (name, Assert.Single(answer.Headers.GetValues(name))));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("1.0")]
    public async Task An_answer_to_a_hit_has_the_same_headers_on_the_wire_as_any_other(string version)
    {
        Assert.True(HeaderBlock.IsAvailable,
            "This framework has no place for prepared headers: answers to hits are slower than they could be.");
        await using var app = FootfallApp.Start();
        var hit = await LinesAsync(app, "POST /api/v1/stats?countryCode=us", version);
        var other = await LinesAsync(app, "GET /api/v1/ping", version);
        Assert.Contains("X-XSS-Protection: 0", hit);
        Assert.Equal(other.Where(IsConstant).Order(StringComparer.Ordinal), hit.Where(IsConstant).Order(StringComparer.Ordinal));

        static bool IsConstant(string line) => line.Contains(": ", StringComparison.Ordinal)
            && !line.StartsWith("Date", StringComparison.Ordinal) && !line.StartsWith("Content-Type:", StringComparison.Ordinal)
            && !line.StartsWith("Content-Length:", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_may_come_from_the_pages_of_shops()
    {
        await using var app = FootfallApp.Start();
        using var answer = await app.Http.PostAsJsonAsync("/api/v1/events", new { url = "/" }, TestContext.Current.CancellationToken);
        Assert.Equal("cross-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
    }

    private static async Task<string[]> LinesAsync(FootfallApp app, string line, string version) =>
        (await RawRequest.SendAsync(app.Address,
            $"{line} HTTP/{version}\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")).Split("\r\n\r\n")[0].Split("\r\n");
}
