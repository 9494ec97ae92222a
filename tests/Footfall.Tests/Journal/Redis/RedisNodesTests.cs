using Footfall.Common;
using Footfall.Journal;
using Footfall.Journal.Redis;
using Footfall.Tests.History;
using Footfall.Tests.Ingest;
using Footfall.Tests.Live;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Footfall.Tests.Journal.Redis;

/// <summary>Several nodes on one Redis, as their clients see them.</summary>
public sealed class RedisNodesTests(RedisServer server) : IClassFixture<RedisServer>
{
    private readonly string _prefix = $"test-{Guid.NewGuid():N}"[..20];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_node_has_answered_every_node_shows_at_once()
    {
        await using var a = Start();
        await using var b = Start();
        for (var i = 1; i <= 50; i++)
        {
            await (i % 2 == 0 ? a : b).VisitAsync("us", site: "shop.example");
            Assert.Equal(i, (await (i % 3 == 0 ? a : b).StatsAsync("shop.example"))["us"]);
            Assert.Equal(i, (await (i % 3 == 0 ? b : a).StatsAsync("shop.example"))["us"]);
        }
    }

    [Fact]
    public async Task The_setting_Redis_alone_names_the_servers()
    {
        await using var a = Start();
        await using var b = FootfallApp.Start(("Journal", "Redis"), ("Redis", server.Connection), ("Redis:Prefix", _prefix));
        await b.VisitAsync("us");
        Assert.Equal(1, (await a.StatsAsync())["us"]);
    }

    [Fact]
    public async Task Readers_that_wait_together_see_what_was_acknowledged_before_their_requests()
    {
        await using var a = Start();
        await using var b = Start();
        var answered = 0L;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await a.VisitAsync("us");
                Interlocked.Increment(ref answered);
            }
        }, Stop);
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!writing.IsCompleted)
            {
                var least = Interlocked.Read(ref answered);
                Assert.True((await b.StatsAsync()).GetValueOrDefault("us") >= least);
            }
        }, Stop));
        await Task.WhenAll(readers.Append(writing));
        Assert.Equal(200, (await b.StatsAsync())["us"]);
    }

    [Fact]
    public async Task A_key_counts_once_whichever_node_gets_it()
    {
        await using var a = Start();
        await using var b = Start();
        var first = await a.PostVisitAsync("?countryCode=us", "the-key");
        var again = await b.PostVisitAsync("?countryCode=fr", "the-key");
        Assert.Equal((HttpStatusCode.Created, first.Text), (again.Status, again.Text));
        Assert.Equal(new Dictionary<string, long> { ["us"] = 1 }, await a.StatsAsync());
    }

    [Fact]
    public async Task Hits_of_a_visitor_on_two_nodes_are_one_visit()
    {
        await using var a = Start();
        await using var b = Start();
        await a.Http.EventsAsync("""{"url":"https://shop.example/","country":"US"}""");
        await b.Http.EventsAsync("""{"url":"https://shop.example/cart","country":"US"}""");
        Assert.Equal(1, (await a.StatsAsync())["us"]);
    }

    [Fact]
    public async Task Salts_are_the_same_on_all_nodes_and_made_by_one_of_them()
    {
        await using var a = Start();
        await using var b = Start();
        var site = a.Services.GetRequiredService<SiteRegistry>().Default;
        var all = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(i => Task.Run(() => (i % 2 == 0 ? a : b).Services.GetRequiredService<ISaltStore>().GetOrCreate(site, 20_000), Stop)));
        Assert.All(all, salt => Assert.Equal(Convert.ToHexString(all[0]), Convert.ToHexString(salt)));
        var left = await server.Client.KeyTimeToLiveAsync(new RedisKeys(_prefix, 16).Salt("default", 20_000));
        Assert.InRange(left!.Value, TimeSpan.FromHours(47), TimeSpan.FromHours(48));
    }

    [Fact]
    public async Task Every_node_shows_live_what_any_node_counts_and_a_watcher_goes_on_at_another()
    {
        await using var a = Start();
        await using var b = Start();
        await a.VisitAsync("us", 3);
        var client = new LiveStateClient();
        string last;
        await using (var stream = await SseStream.OpenAsync(a, client: client))
        {
            await stream.WaitUntilAsync(state => state.Total("us") == 3);
            await b.VisitAsync("us");
            await b.VisitAsync("fr");
            await stream.WaitUntilAsync(state => state.Total("us") == 4 && state.Total("fr") == 1);
            last = stream.Events[^1].Id;
        }
        await a.VisitAsync("de");
        await using var next = await SseStream.OpenAsync(b, lastEventId: last, client: client);
        await next.WaitForCountAsync(1);
        Assert.Equal("snapshot", next.Events[0].Name);
        // Never behind what the client has seen already.
        Assert.Contains("\"us\":4", next.Events[0].Data, StringComparison.Ordinal);
        await next.WaitUntilAsync(state => state.Total("us") == 4 && state.Total("fr") == 1 && state.Total("de") == 1);
        Assert.Equal((4, 1, 1), next.ReadState(state => (state.Minutes("us").Sum(), state.Minutes("fr").Sum(), state.Today("de"))));
    }

    [Fact]
    public async Task A_node_that_starts_later_has_the_live_state_of_the_last_half_hour()
    {
        await using var a = Start();
        await a.VisitAsync("us", 5);
        await a.Http.EventsAsync("""{"url":"https://shop.example/","country":"FR"}""");
        await using var b = Start();
        await using var stream = await SseStream.OpenAsync(b);
        await stream.WaitUntilAsync(state => state.Total("us") == 5 && state.Total("fr") == 1);
        Assert.Equal((5, 1, 5), stream.ReadState(state => (state.Minutes("us").Sum(), state.Active("fr"), state.Today("us"))));
    }

    [Fact]
    public async Task A_node_with_a_history_takes_the_hits_of_all_exactly_once_also_those_while_it_was_down()
    {
        using var data = new TemporaryDirectory();
        await using var ingest = Start();
        await ingest.VisitAsync("us", 3);
        await using (var history = StartWithHistory(data))
        {
            await ingest.VisitAsync("us", 2);
            await history.Http.HasVisitsAsync(5);
        }
        await ingest.VisitAsync("fr", 4);
        await ingest.VisitAsync("fr", 2, "shop.example");
        await using (var history = StartWithHistory(data))
        {
            await history.Http.HasVisitsAsync(9);
            await history.VisitAsync("fr");
            await history.Http.HasVisitsAsync(10);
            Assert.Equal(["2"], await history.Http.QueryRowsAsync("visits", site: "shop.example"));
        }
    }

    [Fact]
    public async Task Two_histories_read_the_streams_each_from_its_own_place()
    {
        using var one = new TemporaryDirectory();
        using var two = new TemporaryDirectory();
        await using var a = StartWithHistory(one);
        await a.VisitAsync("us", 3);
        await a.Http.HasVisitsAsync(3);
        await using var b = StartWithHistory(two);
        await b.VisitAsync("us");
        await a.Http.HasVisitsAsync(4);
        await b.Http.HasVisitsAsync(4);
        await Eventually.BecomesAsync(async () =>
            await server.Client.HashLengthAsync(new RedisKeys(_prefix, 16).Consumers) == 2, "both histories are registered");
    }

    [Fact]
    public async Task Streams_are_cut_where_all_histories_have_read_them_and_the_last_hour_stays()
    {
        var keys = new RedisKeys(_prefix, 16);
        var shard = keys.Shards[0];
        var old = TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeMilliseconds();
        for (var number = 1; number <= 3; number++) await server.Client.StreamAddAsync(shard.Stream,
            [new("hits", new byte[] { 0x92, 1, 0x90 }), new("decisions", ""), new("count", 0)], $"{old + number}-{number}");
        await server.Client.HashSetAsync(shard.Meta, [new("number", 3), new("time", old + 3)]);
        await server.Client.HashSetAsync(keys.Consumers, "slow-node", Reader(2));
        await using var app = Start();
        await app.VisitAsync("us");
        var trim = app.Services.GetRequiredService<StreamTrimmer>();

        await trim.TrimAsync();
        Assert.Equal([3], Numbers());

        await server.Client.HashSetAsync(keys.Consumers, "slow-node", Reader(3));
        await trim.TrimAsync();
        Assert.Empty(Numbers());
        Assert.Equal(1, (await Task.WhenAll(keys.Shards.Select(each => server.Client.StreamLengthAsync(each.Stream)))).Sum());

        string Reader(int number) =>
            $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()} " +
            $"{string.Join(' ', keys.Shards.Select(each => each == shard ? $"{old + number}-{number}" : $"{old}-1"))}";
        IEnumerable<long> Numbers() => server.Client.StreamRange(shard.Stream).Select(entry => StreamOffset.Parse(entry.Id))
            .Where(place => place.Time < old + 10).Select(place => place.Sequence);
    }

    [Fact]
    public async Task Unread_entries_are_trimmed_only_beyond_the_memory_limit_and_reported()
    {
        var keys = new RedisKeys(_prefix, 16);
        await using var app = Start(("Redis:StreamMegabytes", "1"));
        await server.Client.HashSetAsync(keys.Consumers, "gone-node",
            $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()} {string.Join(' ', keys.Shards.Select(_ => "0-0"))}");
        var trim = app.Services.GetRequiredService<StreamTrimmer>();
        await app.Http.LongVisitsAsync(100);
        await trim.TrimAsync();
        Assert.Equal(0, await app.Http.MetricAsync("footfall_stream_unread_cut_total"));

        for (var i = 0; i < 12; i++) await app.Http.LongVisitsAsync(500);
        await trim.TrimAsync();
        Assert.True(await app.Http.MetricAsync("footfall_stream_unread_cut_total") > 0);
        Assert.True((long)await server.Client.ExecuteAsync("MEMORY", "USAGE",
            keys.GetShard(app.Services.GetRequiredService<SiteRegistry>().Default).Stream) <= 1 << 20);
    }

    [Fact]
    public async Task What_Redis_has_lost_the_live_state_no_longer_shows()
    {
        await using var app = Start();
        await app.VisitAsync("de", 4, "shop.example");
        await using var stream = await SseStream.OpenAsync(app, "?site=shop.example");
        await stream.WaitUntilAsync(state => state.Total("de") == 4 && state.Today("de") == 4);

        foreach (var key in server.Admin.Keys(pattern: $"{_prefix}:*").Where(key => key != new RedisKeys(_prefix, 16).Journal).ToList())
            await server.Client.KeyDeleteAsync(key);
        await app.VisitAsync("us", 3, "shop.example");
        Assert.Equal(new Dictionary<string, long> { ["us"] = 3 }, await app.StatsAsync("shop.example"));
        await stream.WaitUntilAsync(state => (state.Total("us"), state.Total("de"), state.Today("us"), state.Today("de")) == (3, 0, 3, 0));
        await using var later = await SseStream.OpenAsync(app, "?site=shop.example");
        await later.WaitForCountAsync(1);
        Assert.Equal((3, 0, 3, 0), later.ReadState(state => (state.Total("us"), state.Total("de"), state.Today("us"), state.Today("de"))));
    }

    [Fact]
    public async Task A_limit_of_the_cluster_counts_the_requests_of_all_nodes()
    {
        await using var a = Start(("RateLimit:PerMinute", "3"), ("RateLimit:Scope", "Cluster"));
        await using var b = Start(("RateLimit:PerMinute", "3"), ("RateLimit:Scope", "Cluster"));
        await a.VisitAsync("us", 2);
        await b.VisitAsync("us");
        foreach (var app in (FootfallApp[])[a, b])
        {
            using var refused = await app.Http.GetAsync("/api/v1/stats", Stop);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal("0", Assert.Single(refused.Headers.GetValues("RateLimit-Remaining")));
        }
        Assert.DoesNotContain("127.0.0.1", string.Join('\n', server.Admin.Keys(pattern: $"{_prefix}:*")), StringComparison.Ordinal);
    }

    private FootfallApp Start(params (string, string)[] settings) =>
        FootfallApp.Start([("Journal", "Redis"), ("Redis:Connection", server.Connection), ("Redis:Prefix", _prefix), .. settings]);

    private FootfallApp StartWithHistory(string data) =>
        FootfallApp.Start(null, data, ("Journal", "Redis"), ("Redis:Connection", server.Connection), ("Redis:Prefix", _prefix),
            ("History:Enabled", "true"));
}
