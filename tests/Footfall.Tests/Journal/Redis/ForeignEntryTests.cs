using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Footfall.Journal.Redis;
using Footfall.Tests.History;
using StackExchange.Redis;

namespace Footfall.Tests.Journal.Redis;

/// <summary>What another program writes into the keys of Footfall costs no other shop anything.</summary>
public sealed class ForeignEntryTests(RedisServer server) : IClassFixture<RedisServer>
{
    private readonly string _prefix = $"test-{Guid.NewGuid():N}"[..20];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RedisKeys.Shard Shard => new RedisKeys(_prefix, 16).Shards[new RedisKeys(_prefix, 16).ShardOf("default")];

    [Fact]
    public async Task Entries_that_no_node_wrote_are_left_out_of_the_history_and_the_live_state()
    {
        using var data = new TemporaryDirectory();
        await using (var node = await StartAsync(data))
        {
            await VisitAsync(node);
            await node.Http.HasVisitsAsync(1);
            NameValueEntry[][] junk =
            [
                [new("foo", "bar")],
                [new("hits", "no MessagePack"), new("decisions", "1"), new("count", 1)],
                [new("hits", new byte[] { 0x92, 1, 0xdd, 0xff, 0xff, 0xff, 0xff }), new("decisions", "1"), new("count", 1)],
                [new("hits", new byte[] { 0x92, 1, 0x90 }), new("decisions", ""), new("count", "many")],
            ];
            foreach (var entry in junk)
            {
                await server.Client.StreamAddAsync(Shard.Stream, entry);
                await VisitAsync(node);
            }
            // Another id, whose number suggests that many of ours are missing.
            var last = (await server.Client.StreamInfoAsync(Shard.Stream)).LastGeneratedId.ToString().Split('-');
            await server.Client.StreamAddAsync(Shard.Stream, junk[0], $"{long.Parse(last[0], CultureInfo.InvariantCulture) + 1}-99");
            await VisitAsync(node);
            await node.Http.HasVisitsAsync(6);
            Assert.Equal(6, (await node.StatsAsync())["us"]);
            await LiveIsAsync(node, 6);
            Assert.True(await node.Http.MetricAsync("footfall_stream_foreign_entries_total{reader=\"history\"}") >= 5);
            // Once by the follower for the live state, and once by the history.
            Assert.Equal(2, node.Output.Split("an entry that no Footfall node wrote").Length - 1);
            Assert.DoesNotContain("   at ", node.Output, StringComparison.Ordinal);
        }
        // They are still there when a node starts.
        await using (var node = await StartAsync(data))
        {
            await VisitAsync(node);
            await node.Http.HasVisitsAsync(7);
            await LiveIsAsync(node, 7);
            Assert.DoesNotContain("   at ", node.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_counter_that_is_no_number_is_a_503_and_nothing_is_half_counted()
    {
        using var data = new TemporaryDirectory();
        await using (var node = await StartAsync(data))
        {
            await VisitAsync(node);
            await server.Client.HashSetAsync(Shard.Visits("default"), "US", "many");
            var entries = await server.Client.StreamLengthAsync(Shard.Stream);
            await HasErrorCodeAsync(await node.Http.GetAsync("/api/v1/stats", Stop), "JOURNAL_UNREADABLE");
            await HasErrorCodeAsync(await node.Http.PostAsync("/api/v1/stats?countryCode=us", null, Stop), "JOURNAL_UNAVAILABLE");
            var health = await node.Http.GetStringAsync("/healthz", Stop);
            Assert.Contains("has the field US, which is not a number", health, StringComparison.Ordinal);
            Assert.Equal(entries, await server.Client.StreamLengthAsync(Shard.Stream));
            Assert.Equal("many", await server.Client.HashGetAsync(Shard.Visits("default"), "US"));
        }
        // A node starts anyway, reports the error, and counts again when it is fixed.
        await using (var node = await StartAsync(data))
        {
            Assert.Contains("a field US that is not a visit counter", node.Output, StringComparison.Ordinal);
            await server.Client.HashSetAsync(Shard.Visits("default"), "US", 1);
            await VisitAsync(node);
            Assert.Equal(2, (await node.StatsAsync())["us"]);
            Assert.DoesNotContain("   at ", node.Output, StringComparison.Ordinal);
        }
    }

    private static async Task HasErrorCodeAsync(HttpResponseMessage response, string code)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(code, (string?)(await response.Content.ReadFromJsonAsync<JsonObject>(Stop))!["code"]);
        }
    }

    private static async Task VisitAsync(FootfallProcess node)
    {
        using var response = await node.Http.PostAsync("/api/v1/stats?countryCode=us", null, Stop);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static async Task LiveIsAsync(FootfallProcess node, long visits)
    {
        await Eventually.BecomesAsync(
            async () =>
            {
                using var live = new System.IO.StreamReader(await node.Http.GetStreamAsync("/api/v1/stats/live", Stop));
                while (await live.ReadLineAsync(Stop) is { } line)
                    if (line.StartsWith("data:", StringComparison.Ordinal))
                        return line.Contains($"\"us\":{visits}", StringComparison.Ordinal);
                return false;
            },
            $"the live picture has {visits} visits");
    }

    private Task<FootfallProcess> StartAsync(string data) => FootfallProcess.StartAsync(
        data, null,
        ("Footfall__Journal", "Redis"), ("Footfall__Redis__Connection", server.Connection), ("Footfall__Redis__Prefix", _prefix));
}
