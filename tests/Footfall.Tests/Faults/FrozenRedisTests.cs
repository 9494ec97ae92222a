using System.Text;
using System.Text.Json;
using Footfall.Journal.Redis;
using Footfall.Tests.History;
using Footfall.Tests.Journal.Redis;

namespace Footfall.Tests.Faults;

/// <summary>Redis is frozen while large requests wait in a queue.</summary>
public sealed class FrozenRedisTests : FaultTest
{
    private const int Hits = 5_000;

    private static readonly string Body =
        string.Join('\n', Enumerable.Repeat($$"""{"name":"visit","country":"us","site":"{{FaultWorkload.Site}}"}""", Hits));

    [Fact]
    public async Task A_request_waits_no_longer_because_others_wait_before_it()
    {
        await using var redis = await RedisServer.StartAsync();
        var node = (await StartNodesAsync(1, redis.Connection, ("Redis__TimeoutSeconds", "5")))[0];
        await VisitAsync(node, FaultWorkload.Site);
        await redis.SignalAsync("STOP");
        var bodies = Enumerable.Range(0, 6).Select(_ => EventsAsync(node)).ToList();
        await QueuedAsync(node, 5 * Hits);
        var waiting = bodies.Append(VisitAsync(node, FaultWorkload.Site)).ToList();

        // When the first one is given up none of them has a time of its own any more; this one has all of it, at another shard.
        await Task.WhenAny(waiting);
        var other = VisitAsync(node, OtherShard());
        var all = Task.WhenAll(waiting);
        Assert.Same(all, await Task.WhenAny(all, other));

        Assert.All(await all, response => Assert.StartsWith("503 JOURNAL_UN", response, StringComparison.Ordinal));
        // Those that were never sent are certainly not counted.
        Assert.Contains("503 JOURNAL_UNAVAILABLE", await all);
        await other;
        await redis.SignalAsync("CONT");
        await WaitForHealthAsync(node, HttpStatusCode.OK, "\"ready\",\"history\"");
        Assert.Equal("201 ", await VisitAsync(node, FaultWorkload.Site));
        Assert.Equal(2, (await StatsAsync(node.Http))["us"]);
    }

    [Fact]
    public async Task A_stopped_node_responds_to_all_requests_and_exits_while_Redis_is_frozen()
    {
        await using var redis = await RedisServer.StartAsync();
        var nodes = await StartNodesAsync(2, redis.Connection, ("Redis__TimeoutSeconds", "60"), ("ShutdownSeconds", "8"));
        var node = nodes[0];
        await VisitAsync(node, FaultWorkload.Site);
        await redis.SignalAsync("STOP");
        var bodies = Enumerable.Range(0, 20).Select(_ => EventsAsync(node)).ToList();
        await QueuedAsync(node, 19 * Hits);

        await node.SignalAsync("TERM");
        var responses = await Task.WhenAll(bodies);
        await node.WaitForExitAsync();

        Assert.Equal(0, node.ExitCode);
        // The first one was with Redis already.
        Assert.Equal(19, responses.Count(response => response == "503 SHUTTING_DOWN"));
        Assert.Single(responses, "503 JOURNAL_UNCERTAIN");
        await redis.SignalAsync("CONT");
        await WaitForHealthAsync(nodes[1], HttpStatusCode.OK, "\"ready\",\"history\"");
        Assert.InRange((await StatsAsync(nodes[1].Http))["us"], 1, 1 + Hits);
    }

    private static Task QueuedAsync(FootfallProcess node, int least) =>
        Eventually.BecomesAsync(async () => await node.Http.MetricAsync("footfall_journal_queue_hits") >= least, "the hits wait for Redis");

    private static string OtherShard()
    {
        var keys = new RedisKeys("footfall", 16);
        return Enumerable.Range(0, 100).Select(i => $"other-{i}.example")
            .First(site => keys.ShardOf(site) != keys.ShardOf(FaultWorkload.Site));
    }

    private static Task<string> VisitAsync(FootfallProcess node, string site) =>
        PostAsync(node, $"/api/v1/stats?countryCode=us&site={site}", "");

    private static Task<string> EventsAsync(FootfallProcess node) => PostAsync(node, "/api/v1/events", Body);

    private static async Task<string> PostAsync(FootfallProcess node, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/x-ndjson");
        using var response = await node.Http.PostAsync(path, content, Stop);
        var code = response.IsSuccessStatusCode ? ""
            : JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Stop)).GetProperty("code").GetString();
        return $"{(int)response.StatusCode} {code}";
    }
}
