using Footfall.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Footfall.Tests.Hosting;

public sealed class ExceptionResponsesTests
{
    [Theory]
    [InlineData("GET", "/nothing", 404, "NOT_FOUND")]
    [InlineData("GET", "/api/v1/stats/nothing", 404, "NOT_FOUND")]
    [InlineData("GET", "/api/v1/docs/nothing.js", 404, "NOT_FOUND")]
    [InlineData("PUT", "/api/v1/stats", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("POST", "/api/v1/ping", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("POST", "/healthz", 405, "METHOD_NOT_ALLOWED")]
    public async Task What_is_not_there_is_answered_as_JSON(string method, string path, int status, string code)
    {
        await using var app = FootfallApp.Start();
        using var answer =
            await app.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var body = (await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>(TestContext.Current.CancellationToken))!;
        Assert.Equal(["error", "code"], body.Keys);
        Assert.Equal(code, body["code"]);
    }

    [Theory]
    [InlineData("/api/v1/ping")]
    [InlineData("/api/v1/healthcheck")]
    [InlineData("/api/v1/stats")]
    [InlineData("/healthz")]
    public async Task Endpoints_for_monitors_accept_HEAD(string path)
    {
        await using var app = FootfallApp.Start();
        using var answer = await app.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_method_that_is_not_taken_names_those_that_are()
    {
        await using var app = FootfallApp.Start();
        using var answer = await app.Http.DeleteAsync("/api/v1/stats", TestContext.Current.CancellationToken);
        Assert.Equal(["GET", "HEAD", "POST"], answer.Content.Headers.Allow.Order());
    }

    [Theory]
    [InlineData("GET", "/api/v1/stats")]
    [InlineData("POST", "/api/v1/stats?countryCode=us")]
    [InlineData("POST", "/api/v1/events")]
    public async Task A_defect_is_answered_without_internals_and_logged_without_the_client(string method, string path)
    {
        using var log = new MemoryLoggerProvider();
        await using var app = FootfallApp.Start(services =>
        {
            services.AddSingleton(FaultyJournal.Journal(_ => throw new InvalidOperationException("Wires crossed")));
            services.AddSingleton<ILoggerProvider>(log);
        });
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "POST"
            ? JsonContent.Create(new { url = "/" }) : null
        };
        request.Headers.Add("User-Agent", "Curious/1.0");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("""{"error":"Something went wrong in the server; its log has the details","code":"INTERNAL_ERROR"}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(answer.Headers.Contains("X-Content-Type-Options"));
        var line = Assert.Single(log.Lines, line => line.Event == 702);
        Assert.Contains("Wires crossed", line.Text, StringComparison.Ordinal);
        Assert.All(log.Lines, line => Assert.DoesNotContain("Curious", line.Text, StringComparison.Ordinal));
        Assert.All(log.Lines, line => Assert.DoesNotContain("203.0.113.9", line.Text, StringComparison.Ordinal));
        Assert.All(log.Lines, line => Assert.DoesNotContain("127.0.0.1", line.Event == 701 ? "" : line.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400, "MALFORMED_BODY")]
    [InlineData(408, "REQUEST_TIMEOUT")]
    [InlineData(413, "PAYLOAD_TOO_LARGE")]
    public async Task What_Kestrel_finds_wrong_in_a_body_keeps_its_status_and_gets_a_code(int status, string code)
    {
        await using var app = FootfallApp.Start(services =>
            services.AddSingleton(FaultyJournal.Journal(_ => throw new BadHttpRequestException("Bad", status))));
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            using var answer = await app.Http.SendAsync(new HttpRequestMessage(method, "/api/v1/stats?countryCode=us"),
                TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(code,
                (await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>(TestContext.Current.CancellationToken))!["code"]);
        }
    }

    [Fact]
    public async Task A_client_that_went_away_is_no_failure()
    {
        using var log = new MemoryLoggerProvider();
        await using var app = FootfallApp.Start(services => services.AddSingleton<ILoggerProvider>(log));
        var failures = app.Services.GetRequiredService<ExceptionResponses>();

        await failures.WriteExceptionAsync(new DefaultHttpContext { RequestAborted = new CancellationToken(true) },
            new OperationCanceledException());
        await failures.WriteExceptionAsync(new DefaultHttpContext(), new ConnectionResetException("Reset"));

        Assert.DoesNotContain(log.Lines, line => line.Event is 702 or 703);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_body_leaves_no_line_in_the_log()
    {
        using var log = new MemoryLoggerProvider();
        await using var app = FootfallApp.Start(services => services.AddSingleton<ILoggerProvider>(log));
        using (var client = await RawRequest.ConnectAsync(app.Address))
        {
            await client.SendAsync(
                "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 500\r\n\r\n"u8.ToArray(),
                TestContext.Current.CancellationToken);
            // The server sends 100 Continue when the endpoint begins to read the body.
            Assert.True(await client.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken) > 0);
            client.LingerState = new(true, 0);
        }
        await app.VisitAsync("us");
        Assert.DoesNotContain(log.Lines, line =>
            line.Event is 702 or 703 || line.Text.Contains("unhandled", StringComparison.OrdinalIgnoreCase));
    }
}
