using Footfall.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.Hosting;

public sealed class BodyLimitMiddlewareTests
{
    private const string TooLarge = """{"error":"The body is larger than this server accepts","code":"PAYLOAD_TOO_LARGE"}""";

    [Theory]
    [InlineData("/api/v1/stats?countryCode=us")]
    [InlineData("/api/v1/ping")]
    public async Task A_body_over_10_KiB_is_refused_by_its_length(string path)
    {
        await using var app = FootfallApp.Start();
        var answer = await RawRequest.SendAsync(app.Address,
            $"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10241\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", answer);
        Assert.EndsWith(TooLarge, answer);
    }

    [Fact]
    public async Task A_chunked_body_over_10_KiB_is_refused_and_not_counted()
    {
        await using var app = FootfallApp.Start();
        var chunk = $"1000\r\n{new string('x', 4096)}\r\n";
        var answer = await RawRequest.SendAsync(app.Address,
            $"POST /api/v1/stats?countryCode=us HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: " +
            $"chunked\r\n\r\n{chunk}{chunk}{chunk}0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", answer);
        Assert.EndsWith(TooLarge, answer);
        Assert.Empty(await app.StatsAsync());
    }

    [Theory]
    [InlineData("Content-Length: 10240\r\n\r\n", 10240, "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n800\r\n", 2048, "\r\n0\r\n\r\n")]
    public async Task A_body_within_the_limit_is_passed_over(string head, int length, string tail)
    {
        await using var app = FootfallApp.Start();
        var answer = await RawRequest.SendAsync(app.Address,
            $"POST /api/v1/stats?countryCode=us HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}{new string('x', length)}{tail}");
        Assert.StartsWith("HTTP/1.1 201", answer);
        Assert.EndsWith("""{"us":1}""", answer);
    }

    [Fact]
    public async Task A_malformed_chunk_is_refused_as_JSON_and_not_counted()
    {
        await using var app = FootfallApp.Start();
        var answer = await RawRequest.SendAsync(app.Address,
            "POST /api/v1/stats?countryCode=us HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
        Assert.StartsWith("HTTP/1.1 400", answer);
        Assert.EndsWith("""{"error":"The body could not be read","code":"MALFORMED_BODY"}""", answer);
        Assert.Empty(await app.StatsAsync());
    }

    [Fact]
    public async Task Events_have_their_own_limit()
    {
        await using var app = FootfallApp.Start();
        using var body = new StringContent("""{"url":"/"}""" + new string(' ', 20_000), null, "application/json");
        using var answer = await app.Http.PostAsync("/api/v1/events", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Theory]
    [InlineData(414)]
    [InlineData(431)]
    public async Task Long_lines_and_headers_are_refused(int status)
    {
        await using var app = FootfallApp.Start();
        var request = status == 414
            ? $"GET /api/v1/ping?{new string('x', 9_000)} HTTP/1.1\r\nHost: x\r\n\r\n"
            : $"GET /api/v1/ping HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 65).Select(i => $"X-{i}: 1\r\n"))}\r\n";
        Assert.StartsWith($"HTTP/1.1 {status}", await RawRequest.SendAsync(app.Address, request));
    }

    [Fact]
    public async Task Slow_and_many_clients_are_limited()
    {
        await using var app = FootfallApp.Start();
        var limits = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal(BodyLimitMiddleware.MaxBytes, limits.MaxRequestBodySize);
        Assert.Equal(TimeSpan.FromSeconds(10), limits.RequestHeadersTimeout);
        Assert.Equal(TimeSpan.FromSeconds(75), limits.KeepAliveTimeout);
        Assert.Equal(240, limits.MinRequestBodyDataRate?.BytesPerSecond);
        Assert.Equal(240, limits.MinResponseDataRate?.BytesPerSecond);
    }
}
