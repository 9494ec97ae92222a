using System.Text;
using System.Text.Json;
using Footfall.Common;
using Footfall.Journal;
using Footfall.Journal.Redis;
using Footfall.Tests.History;
using Footfall.Tests.Journal.Redis;
using Footfall.Tests.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footfall.Tests.Faults;

/// <summary>Some shards fail, or a node falls behind: neither may break what works.</summary>
public sealed class ShardFaultTests : FaultTest
{
    [Fact]
    public async Task A_node_that_is_behind_by_large_batches_catches_up_on_a_slow_network()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var network = new FaultyTcpProxy(redis.Port, rate: 8 << 20);
        using var data = new TemporaryDirectory();
        await using var slow = await FootfallProcess.StartAsync(data, null, ("Footfall__Journal", "Redis"),
            ("Footfall__Redis__Connection", $"127.0.0.1:{network.Port}"));
        var fast = (await StartNodesAsync(1, redis.Connection))[0];

        await slow.SignalAsync("STOP");
        for (var i = 0; i < 32; i++) await LargeBatchAsync(fast.Http, $"shop-{i % 24}.example");
        await slow.SignalAsync("CONT");

        await Eventually.BecomesAsync(
            async () =>
            {
                var sum = 0;
                for (var i = 0; i < 24; i++) sum += await HitsAsync(slow.Http, $"shop-{i}.example");
                return sum == 32 * 5_000;
            },
            "the history has all");
        await WaitForHealthAsync(slow, HttpStatusCode.OK, "\"lag_commits\":0");
    }

    [Fact]
    public async Task A_primary_that_is_down_takes_only_its_own_sites_along()
    {
        await using var cluster = await RedisCluster.StartAsync(replicas: 0);
        // The one that fails must not be that of the journal's name, without which no node starts.
        var down = (RedisCluster.GetPrimaryIndex(await SlotAsync(cluster, "footfall:journal")) + 1) % 3;
        var (lost, works) = (await SiteAsync(cluster, down), await SiteAsync(cluster, (down + 1) % 3));
        await using var a = Start(cluster);
        foreach (var site in (string[])[lost, works]) await a.VisitAsync("us", 2, site);
        await using var watching = await SseStream.OpenAsync(a, $"?site={works}");
        await using var waiting = await SseStream.OpenAsync(a, $"?site={lost}");
        await waiting.WaitUntilAsync(state => state.Total("us") == 2);

        await cluster.Servers[down].KillAsync();
        await IsPartlyReadyAsync(a);
        await WorksAsync(a, watching, works, 3);
        using (var refused = await a.Http.PostAsync($"/api/v1/stats?countryCode=us&site={lost}", null, Stop))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        // One that starts meanwhile.
        await using (var b = Start(cluster))
        {
            await IsPartlyReadyAsync(b);
            await using var there = await SseStream.OpenAsync(b, $"?site={works}");
            await WorksAsync(b, there, works, 4);

            await cluster.Servers[down].RestartAsync();
            await Eventually.BecomesAsync(async () => (await a.Http.PostAsync($"/api/v1/stats?countryCode=us&site={lost}", null,
                Stop)).StatusCode == HttpStatusCode.Created, "its sites are counted again");
            var all = (int)(await a.StatsAsync(lost))["us"];
            await waiting.WaitUntilAsync(state => state.Total("us") == all);
            await using var back = await SseStream.OpenAsync(b, $"?site={lost}");
            await back.WaitUntilAsync(state => state.Total("us") == all && state.Today("us") == all && state.Minutes("us").Sum() == all);
            foreach (var node in (FootfallApp[])[a, b])
            {
                await Eventually.BecomesAsync(async () => await VisitsAsync(node, lost) == all, "the history has all");
                await Eventually.BecomesAsync(async () =>
                    !(await HealthAsync(node)).Text.Contains("journal", StringComparison.Ordinal), "all shards work");
            }
        }
    }

    [Fact]
    public async Task While_Redis_is_frozen_only_one_request_at_a_time_waits_for_a_salt_or_a_rate()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var app = FootfallApp.Start(("Journal", "Redis"), ("Redis:Connection", redis.Connection),
            ("RateLimit:PerMinute", "1000"), ("RateLimit:Scope", "Cluster"));
        var (link, sites) = (app.Services.GetRequiredService<RedisConnectionManager>(), app.Services.GetRequiredService<SiteRegistry>());
        var (salts, rates) = (new RedisSaltStore(link, new StandingTime()),
            new RedisRateCounter(link, NullLogger<RedisRateCounter>.Instance, new StandingTime()));
        salts.GetOrCreate(sites.GetOrAddStored("shop.example"), 20_000);
        Assert.NotNull(await rates.IncrementAsync(1, 60_000));

        await redis.SignalAsync("STOP");
        Assert.Throws<SaltsUnavailableException>(() => salts.GetOrCreate(sites.GetOrAddStored("shop-1.example"), 20_000));
        var refused = Assert.Throws<SaltsUnavailableException>(() => salts.GetOrCreate(sites.GetOrAddStored("shop-2.example"), 20_000));
        Assert.Contains("a moment ago", refused.InnerException!.Message, StringComparison.Ordinal);
        salts.GetOrCreate(sites.GetOrAddStored("shop.example"), 20_000);
        Assert.Null(await rates.IncrementAsync(1, 60_000));
        var taken = rates.IncrementAsync(1, 60_000);
        Assert.True(taken.IsCompletedSuccessfully);
        Assert.Null(await taken);

        await redis.SignalAsync("CONT");
        await Eventually.BecomesAsync(async () =>
            await app.Services.GetRequiredService<RedisRateCounter>().IncrementAsync(1, 60_000) is not null, "Redis counts again");
        await Eventually.BecomesAsync(async () => (await app.Http.PostAsJsonAsync("/api/v1/events",
            new { url = "https://shop-3.example/", country = "US" }, Stop)).IsSuccessStatusCode, "salts are made again");
    }

    private static async Task WorksAsync(FootfallApp node, SseStream watching, string site, int visits)
    {
        await node.VisitAsync("us", 1, site);
        await watching.WaitUntilAsync(state => state.Total("us") == visits);
        await Eventually.BecomesAsync(async () => await VisitsAsync(node, site) == visits, "the history has it");
        Assert.Equal(HttpStatusCode.OK, (await HealthAsync(node)).Status);
    }

    private static Task IsPartlyReadyAsync(FootfallApp node) => Eventually.BecomesAsync(
        async () =>
        {
            var (status, text) = await HealthAsync(node);
            Assert.Equal(HttpStatusCode.OK, status);
            return text.Contains("of 16 shards can't be read", StringComparison.Ordinal);
        },
        "some shards can't be read");

    private static async Task<(HttpStatusCode Status, string Text)> HealthAsync(FootfallApp node)
    {
        using var response = await node.Http.GetAsync("/healthz", Stop);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }

    private static async Task<int> VisitsAsync(FootfallApp node, string site) => await MetricAsync(node.Http, site, "visits");

    private static async Task<int> HitsAsync(HttpClient http, string site) => await MetricAsync(http, site, "events");

    private static async Task<int> MetricAsync(HttpClient http, string site, string metric)
    {
        var (status, body) = await http.QueryAsync($$"""{"site_id":"{{site}}","metrics":["{{metric}}"],"date_range":"all"}""");
        return status == HttpStatusCode.OK ? (int?)body["results"]!.AsArray().FirstOrDefault()?["metrics"]![0] ?? 0 : -1;
    }

    /// <summary>One batch of more than a megabyte.</summary>
    private static async Task LargeBatchAsync(HttpClient http, string site)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < 5_000; i++) lines.Append(JsonSerializer.Serialize(new
        {
            site,
            name = "look",
            country = "US",
            props = new { text = Guid.NewGuid().ToString() + new string('x', 200) }
        })).Append('\n');
        await http.EventsAsync(lines.ToString().TrimEnd());
    }

    private static async Task<string> SiteAsync(RedisCluster cluster, int primary)
    {
        var keys = new RedisKeys("footfall", 16);
        for (var i = 0; ; i++)
            if (RedisCluster.GetPrimaryIndex(await SlotAsync(cluster, $"{{{keys.ShardOf($"shop-{i}.example")}}}")) == primary)
                return $"shop-{i}.example";
    }

    private static async Task<int> SlotAsync(RedisCluster cluster, string key) =>
        (int)await cluster.Servers[0].Admin.ExecuteAsync("CLUSTER", "KEYSLOT", key);

    private static FootfallApp Start(RedisCluster cluster) => FootfallApp.Start(
        ("Journal", "Redis"), ("Redis:Connection", string.Join(',', cluster.Servers.Select(server => server.Connection))),
        ("History:Enabled", "true"), ("Redis:TimeoutSeconds", "1"));

    /// <summary>The clock stands still, so that "a moment ago" stays true.</summary>
    private sealed class StandingTime : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
