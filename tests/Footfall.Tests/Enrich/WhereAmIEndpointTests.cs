using System.Text.Json;

namespace Footfall.Tests.Enrich;

public sealed class WhereAmIEndpointTests
{
    [Fact]
    public async Task Without_a_proxy_the_connection_is_used()
    {
        await using var app = FootfallApp.Start();
        using var answer = await AskAsync(app);
        var root = answer.RootElement;
        Assert.Equal("127.0.0.1", Text(root, "address"));
        Assert.Equal("connection", Text(root, "source"));
        Assert.Equal("127.0.0.1", Text(root, "connection"));
        Assert.Equal("No X-Forwarded-For was sent, so the client is the address of the connection. If 127.0.0.1 is your proxy, configure "
            + "it to send X-Forwarded-For, and add it to Footfall:TrustedProxies.", Text(root, "explanation"));
        Assert.Equal("ZZ", Text(root, "country"));
        Assert.Equal("LOOPBACK", Text(root, "country_reason"));
        Assert.Equal(0, root.GetProperty("trusted_proxies").GetArrayLength());
        Assert.Equal("geo-whois-asn-country.mmdb (built-in)", Text(root.GetProperty("database"), "name"));
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", Text(root.GetProperty("database"), "built"));
    }

    [Fact]
    public async Task An_untrusted_sender_is_named_and_ignored()
    {
        await using var app = FootfallApp.Start(("TrustedProxies", "10.0.0.0/8"));
        using var answer = await AskAsync(app, ("X-Forwarded-For", "8.8.8.8"));
        Assert.Equal("127.0.0.1", Text(answer.RootElement, "address"));
        Assert.StartsWith("X-Forwarded-For was sent by 127.0.0.1, which is not in Footfall:TrustedProxies, so it was ignored.",
            Text(answer.RootElement, "explanation"), StringComparison.Ordinal);
        Assert.Equal("8.8.8.8", answer.RootElement.GetProperty("forwarded_for")[0].GetString());
    }

    [Fact]
    public async Task A_trusted_sender_is_believed()
    {
        await using var app = FootfallApp.Start(("TrustedProxies", "127.0.0.1, 10.0.0.0/8"));
        using var answer = await AskAsync(app, ("X-Forwarded-For", "1.2.3.4, 8.8.8.8, 10.1.1.1"));
        var root = answer.RootElement;
        Assert.Equal("8.8.8.8", Text(root, "address"));
        Assert.Equal("x-forwarded-for", Text(root, "source"));
        Assert.Equal("US", Text(root, "country"));
        Assert.Equal("FOUND", Text(root, "country_reason"));
        Assert.Equal(["127.0.0.1", "10.0.0.0/8"], root.GetProperty("trusted_proxies").EnumerateArray().Select(value => value.GetString()));
    }

    [Theory]
    [InlineData("10.2.2.2, 10.1.1.1", "10.2.2.2", "so the left-most is the client")]
    [InlineData("8.8.8.8, unknown, 10.1.1.1", "10.1.1.1", "it has an entry that is not an address")]
    public async Task An_odd_header_is_explained(string header, string address, string part)
    {
        await using var app = FootfallApp.Start(("TrustedProxies", "127.0.0.1, 10.0.0.0/8"));
        using var answer = await AskAsync(app, ("X-Forwarded-For", header));
        Assert.Equal(address, Text(answer.RootElement, "address"));
        Assert.Equal("PRIVATE", Text(answer.RootElement, "country_reason"));
        Assert.Contains(part, Text(answer.RootElement, "explanation"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_is_not_read_is_named()
    {
        await using var app = FootfallApp.Start(("TrustedProxies", "127.0.0.1"));
        using var answer = await AskAsync(app, ("X-Real-IP", "8.8.8.8"));
        Assert.Equal("127.0.0.1", Text(answer.RootElement, "address"));
        Assert.Contains("The header X-Real-IP was sent, but only X-Forwarded-For is read", Text(answer.RootElement, "explanation"),
            StringComparison.Ordinal);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<JsonDocument> AskAsync(FootfallApp app, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/whereami");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
