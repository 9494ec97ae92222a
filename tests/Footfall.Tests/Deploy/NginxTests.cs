using System.Text;
using System.Text.RegularExpressions;
using Footfall.Common;
using Footfall.Tests.Live;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Deploy;

/// <summary><c>deploy/nginx.conf</c> with the real Nginx in front of real nodes.</summary>
public sealed class NginxTests
{
    private const string Visit = "/api/v1/stats?countryCode=us";
    private static readonly (string, string)[] Trusting = [("TrustedProxies", "127.0.0.1")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nginx_takes_the_configuration_without_a_warning(bool tls)
    {
        var (exitCode, output) = await Nginx.CheckAsync(tls);
        Assert.True(exitCode == 0 && !output.Contains('[', StringComparison.Ordinal), output);
    }

    /// <summary>Behind Nginx, a new endpoint that it has no location for returns 404 or accepts only bodies up to 10 KB.</summary>
    [Fact]
    public async Task Each_endpoint_has_a_location()
    {
        await using var app = FootfallApp.Start();
        var deploy = Path.Combine(Repository.Root, "deploy");
        var own = Locations(Path.Combine(deploy, "nginx", "api.conf"));
        var all = own.Concat(Locations(Path.Combine(deploy, "nginx.conf"))).ToList();
        foreach (var route in app.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var path = route.RoutePattern.RawText!;
            Assert.True(all.Exists(location => location.IsMatch(path)), $"{path} is not in deploy/nginx");
            if (route.Metadata.GetMetadata<EndpointNeeds>() is { OwnBodyLimit: true })
                Assert.True(own.Exists(location => location.IsMatch(path)), $"{path} has no client_max_body_size in deploy/nginx/api.conf");
        }

        static List<Regex> Locations(string file) => [.. Regex.Matches(File.ReadAllText(file), @"location ~\* (\S+) \{")
            .Select(location => new Regex(location.Groups[1].Value, RegexOptions.IgnoreCase))];
    }

    [Fact]
    public async Task A_visit_goes_in_for_shops_and_comes_out_for_people()
    {
        await using var node = FootfallApp.Start(Trusting);
        await using var nginx = await Nginx.StartAsync(node.Address);
        using var shop = nginx.ClientFrom("127.0.0.1", nginx.ApiAddress);

        using var response = await shop.PostAsync(Visit, null, Stop);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("""{"us":1}""", await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal("""{"us":1}""", await nginx.Http.GetStringAsync("/api/v1/stats", Stop));
    }

    [Fact]
    public async Task Pages_are_for_people_the_API_for_all_and_metrics_for_nobody()
    {
        await using var node = FootfallApp.Start(Trusting);
        await using var nginx = await Nginx.StartAsync(node.Address);
        using var shop = nginx.ClientFrom("127.0.0.1", nginx.ApiAddress);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(nginx.Http, "/"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(shop, "/"));
        foreach (var client in (HttpClient[])[nginx.Http, shop])
        {
            foreach (var path in (string[])["/healthz", "/api/v1/healthz", "/api/v1/ping", "/api/v1/docs.json", "/api/v1/sites"])
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, path));
            foreach (var path in (string[])["/metrics", "/METRICS/", "/api/v1/metrics", "/api/v1//metrics", "/%6detrics"])
                Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, path));
        }
        foreach (var script in (string[])["/footfall.js", "/footfall-pageviews.js"])
            Assert.Equal(await StatusAsync(node.Http, script), await StatusAsync(shop, script));
        Assert.Equal("NOT_FOUND", await CodeAsync(await shop.GetAsync("/", Stop)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/analytics")]
    [InlineData("/api/v1/docs.json")]
    [InlineData("/api/v1/stats")]
    [InlineData("/api/v1/nothing")]
    public async Task An_answer_is_as_Footfall_gives_it_to_the_byte_and_with_each_header_once(string path)
    {
        await using var node = FootfallApp.Start(Trusting);
        await node.VisitAsync("us");
        await using var nginx = await Nginx.StartAsync(node.Address);
        foreach (var encoding in (string[])["br", "gzip", "identity"])
        {
            var (direct, through) = (await GetAsync(node.Http, path, encoding), await GetAsync(nginx.Http, path, encoding));
            Assert.Equal(direct, through);
            Assert.Contains("Content-Security-Policy: default-src", through.Headers, StringComparison.Ordinal);
        }

        static async Task<(HttpStatusCode Status, string Headers, string Body)> GetAsync(HttpClient client, string path, string encoding)
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept-Encoding", encoding }, { "Accept", "text/html" } } };
            using var response = await client.SendAsync(request, Stop);
            // Headers of the connection, not of the response.
            var headers = response.Headers.Concat(response.Content.Headers)
                .Where(header =>
                    header.Key is not ("Date" or "Server" or "Connection" or "Keep-Alive" or "Transfer-Encoding" or "Content-Length"))
                .Select(header => $"{header.Key}: {string.Join(" | ", header.Value)}").Order(StringComparer.Ordinal);
            return (response.StatusCode, string.Join('\n', headers),
                Convert.ToHexString(await response.Content.ReadAsByteArrayAsync(Stop)));
        }
    }

    [Fact]
    public async Task The_address_of_the_client_arrives_and_a_forged_one_does_not()
    {
        await using var node = FootfallApp.Start([.. Trusting, ("RateLimit:PerMinute", "2")]);
        await using var nginx = await Nginx.StartAsync(node.Address);
        using var one = nginx.ClientFrom("127.0.0.2");
        using var other = nginx.ClientFrom("127.0.0.3");
        one.DefaultRequestHeaders.Add("X-Real-IP", "9.9.9.9");
        one.DefaultRequestHeaders.Add("Forwarded", "for=9.9.9.9");

        Assert.Contains("\"address\": \"127.0.0.2\"", await one.GetStringAsync("/api/v1/whereami", Stop), StringComparison.Ordinal);
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.Created, await PostAsync(one, i));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync(one, 3));
        Assert.Equal(HttpStatusCode.Created, await PostAsync(other, 4));

        static async Task<HttpStatusCode> PostAsync(HttpClient client, int number)
        {
            // A new address each time, if it were believed.
            using var request =
                new HttpRequestMessage(HttpMethod.Post, Visit) { Headers = { { "X-Forwarded-For", $"198.51.100.{number}" } } };
            using var response = await client.SendAsync(request, Stop);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task The_live_stream_comes_message_by_message_and_goes_on_at_another_node()
    {
        var lost = FootfallApp.Start(Trusting);
        await using var left = FootfallApp.Start(Trusting);
        await using var nginx = await Nginx.StartAsync(lost.Address, left.Address);
        await using var first = await SseStream.OpenAsync(nginx.Http);
        await first.WaitForCountAsync(1);
        Assert.False(first.Response.Headers.Contains("X-Accel-Buffering"));
        // It is open at one of the nodes: a hit of that node appears while the stream is open.
        await lost.VisitAsync("us");
        await left.VisitAsync("us");
        await first.WaitUntilAsync(state => state.Total("us") == 1);

        await left.VisitAsync("fr", 3);
        await lost.DisposeAsync();
        // Round robin: the first request of a fresh Nginx went to the first node.
        await first.Reading.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Stop);
        await using var second = await SseStream.OpenAsync(nginx.Http, lastEventId: first.Events[^1].Id);
        await second.WaitUntilAsync(state => state.Total("fr") == 3);
    }

    [Theory]
    [InlineData(Visit, "")]
    [InlineData("/api/v1/events", """{"name":"visit","country":"us"}""")]
    public async Task A_POST_that_a_node_took_is_sent_again_only_with_a_key(string path, string body)
    {
        await using var dead = new UnresponsiveNode();
        await using var node = FootfallApp.Start(Trusting);
        await using var nginx = await Nginx.StartAsync(dead.Address, node.Address);

        var (counted, failed) = (0, 0);
        while (dead.AcceptedConnections < 2)
        {
            using var response = await PostAsync(nginx.Http, path, body, null);
            if (response.IsSuccessStatusCode)
            {
                counted++;
                continue;
            }
            failed++;
            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
            Assert.Equal("NO_NODE", await CodeAsync(response));
            Assert.True(counted + failed < 50);
        }
        Assert.Equal(2, failed);
        if (counted > 0) Assert.Equal(counted, (await node.StatsAsync())["us"]);

        while (dead.AcceptedConnections < 4)
        {
            using var response = await PostAsync(nginx.Http, path, body, $"key-{counted}");
            Assert.True(response.IsSuccessStatusCode);
            counted++;
        }
        Assert.Equal(counted, (await node.StatsAsync())["us"]);
        Assert.Contains($"\"path\":\"{path.Split('?')[0]}\",\"status\":\"502\"", nginx.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("client: ", nginx.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("countryCode", nginx.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_not_there_costs_no_request()
    {
        var gone = FootfallApp.Start(Trusting);
        var address = gone.Address;
        await gone.DisposeAsync();
        await using var node = FootfallApp.Start(Trusting);
        await using var nginx = await Nginx.StartAsync(address, node.Address);
        for (var i = 0; i < 10; i++)
        {
            using var response = await PostAsync(nginx.Http, Visit, "", null);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }
        Assert.Equal(10, (await node.StatsAsync())["us"]);
    }

    [Theory]
    [InlineData(Visit, 10 * 1024, 201)]
    [InlineData(Visit, 10 * 1024 + 1, 413)]
    [InlineData("/api/v1/query", 64 * 1024 + 1, 413)]
    [InlineData("/api/v1/events", 1 << 20, 202)]
    [InlineData("/api/v1/events", (8 << 20) + 1, 413)]
    public async Task A_body_may_be_as_large_as_Footfall_takes_it(string path, int length, int status)
    {
        await using var node = FootfallApp.Start(Trusting);
        await using var nginx = await Nginx.StartAsync(node.Address);
        var body = new StringBuilder("""[{"name":"visit","country":"us"}""", length).Append(' ', length - 33).Append(']').ToString();
        foreach (var (chunked, key) in ((bool, string?)[])[(false, null), (true, null), (false, "a"), (true, "b")])
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, null, "application/json") };
            if (chunked) request.Headers.TransferEncodingChunked = true;
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            using var response = await nginx.Http.SendAsync(request, Stop);
            Assert.Equal(status, (int)response.StatusCode);
            if (status == 413) Assert.Equal("""{"error":"The body is larger than this server accepts","code":"PAYLOAD_TOO_LARGE"}""",
                await response.Content.ReadAsStringAsync(Stop));
        }
        Assert.Equal(status < 300 ? 4 : 0, (await node.StatsAsync()).GetValueOrDefault("us"));
    }

    [Fact]
    public async Task With_TLS_it_speaks_HTTP_2()
    {
        await using var node = FootfallApp.Start(Trusting);
        await using var nginx = await Nginx.StartAsync(tls: true, node.Address);
        nginx.Http.DefaultRequestVersion = HttpVersion.Version20;
        nginx.Http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        using var response = await PostAsync(nginx.Http, Visit, "", "order-1");
        Assert.Equal((HttpVersion.Version20, HttpStatusCode.Created), (response.Version, response.StatusCode));
        await using var stream = await SseStream.OpenAsync(nginx.Http);
        Assert.Equal("""{"us":1}""", await nginx.Http.GetStringAsync("/api/v1/stats", Stop));
        await node.VisitAsync("us");
        await stream.WaitUntilAsync(state => state.Total("us") == 2);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, Stop);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, null, "application/json"),
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, Stop);
    }

    private static async Task<string> CodeAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<Dictionary<string, string>>(Stop))!["code"];
}
