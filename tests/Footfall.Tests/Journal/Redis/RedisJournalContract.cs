using Footfall.Common;
using Footfall.Journal;
using Footfall.Journal.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;
using StackExchange.Redis;

namespace Footfall.Tests.Journal.Redis;

/// <summary>The contract of journals on a Redis; each test has keys of its own there.</summary>
public abstract class RedisJournalContract(string connection) : JournalContract
{
    private readonly TemporaryDirectory _data = new();

    private protected string Prefix { get; } = $"test-{Guid.NewGuid():N}"[..20];

    /// <summary>The primaries.</summary>
    private protected abstract IEnumerable<IServer> Primaries { get; }

    private sealed record Running(RedisConnectionManager Connections, StreamFollower Follower, RedisJournal Redis, SiteRegistry Sites)
        : IRunningJournal
    {
        public IJournal Journal => Redis;

        public async ValueTask DisposeAsync()
        {
            Redis.Dispose();
            await Follower.StopAsync();
            Connections.Dispose();
        }
    }

    private protected override Task<IRunningJournal> OpenAsync() => Task.Run<IRunningJournal>(Open);

    private Running Open()
    {
        var options = Options.Create(new FootfallOptions
        {
            DataDirectory = _data,
            Journal = JournalKind.Redis,
            NewSitesPerDay = SiteRegistry.MaxSites,
            Redis = new RedisOptions { Connection = connection, Prefix = Prefix }
        });
        var sites = new SiteRegistry(options, TimeProvider.System);
        var connections = new RedisConnectionManager(options, NullLogger<RedisConnectionManager>.Instance, Time);
        var streams = new RedisMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        var salts = new RedisSaltStore(connections, Time);
        var follower = new StreamFollower(connections, sites, new NullLiveState(), salts, streams, NullLogger<StreamFollower>.Instance,
            Time);
        var metrics = new JournalMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        return new Running(connections, follower, new RedisJournal(connections, follower, new CoalescedCounterReader(connections, sites),
            options, metrics, NullLogger<RedisJournal>.Instance, Time), sites);
    }

    /// <summary>Redis has a clock of its own, which no test can set: keys with an expiry get that much less time.</summary>
    private protected override async Task AdvanceTimeAsync(TimeSpan time)
    {
        await base.AdvanceTimeAsync(time);
        foreach (var server in Primaries)
        {
            var redis = server.Multiplexer.GetDatabase();
            await foreach (var key in server.KeysAsync(pattern: $"{Prefix}:*"))
            {
                if (await redis.KeyTimeToLiveAsync(key) is not { } left) continue;
                if (left > time) await redis.KeyExpireAsync(key, left - time);
                else await redis.KeyDeleteAsync(key);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _data.Dispose();
    }
}

/// <summary>The contract of journals on one Redis.</summary>
public sealed class RedisJournalTests(RedisServer server) : RedisJournalContract(server.Connection), IClassFixture<RedisServer>
{
    private protected override IEnumerable<IServer> Primaries => [server.Admin];

    [Fact]
    public async Task A_person_can_read_the_counters()
    {
        await AppendAllAsync(Visit("US", site: "shop.example"), Visit("US", site: "shop.example"),
            Page("FR", visitor: 1, site: "shop.example"));
        var shard = new RedisKeys(Prefix, 16).ShardOf("shop.example");
        var fields = (await server.Client.HashGetAllAsync($"{Prefix}:{{{shard}}}:visits:shop.example")).ToDictionary(field =>
            (string)field.Name!, field => (long)field.Value);
        Assert.Equal(new Dictionary<string, long> { ["US"] = 2, ["FR"] = 1 }, fields);
    }

    [Fact]
    public async Task A_batch_is_one_entry_of_the_stream_and_duplicates_add_no_entry()
    {
        await AppendAllAsync(Visit("US", key: 7), Page("FR", visitor: 1), Visit("US", key: 7), Visit("DE"));
        await AppendAllAsync(Visit("US", key: 7));
        var entry = Assert.Single(await server.Client.StreamRangeAsync(new RedisKeys(Prefix, 16).GetShard(Sites.Default).Stream));
        var hits = new List<StreamHit>();
        Assert.True(StreamEntryReader.TryRead(entry, Sites.GetOrAddStored, hits));
        Assert.Equal([("US", true), ("FR", true), ("DE", true)], hits.Select(hit => (hit.Hit.Country.Code, hit.Opened)));
        Assert.Equal(3, (int)entry["count"]);
    }

    [Fact]
    public async Task Hits_of_a_visitor_in_a_row_are_each_in_the_stream_with_what_was_decided()
    {
        var page = Page("FR", visitor: 1);
        var later = page with { Time = page.Time + 1_000 };
        await AppendAllAsync(Visit("US"), page, later, later, Visit("DE", key: 7), later, later with { Country = Country.FromStored("AT") },
            Page("IT", visitor: 2), Visit("US"));
        var entry = Assert.Single(await server.Client.StreamRangeAsync(new RedisKeys(Prefix, 16).GetShard(Sites.Default).Stream));
        var read = new List<StreamHit>();
        Assert.True(StreamEntryReader.TryRead(entry, Sites.GetOrAddStored, read));
        var hits = read.Select(hit => hit.Hit.Country.Code + (hit.Opened ? " opened" : ""));
        // Hits that need a decision are first.
        Assert.Equal(["FR opened", "FR", "FR", "DE opened", "FR", "AT", "IT opened", "US opened", "US opened"], hits);
        Assert.Equal(9, (int)entry["count"]);
        Assert.Equal((1, 0, 1, 2), (await CountAsync("FR"), await CountAsync("AT"), await CountAsync("DE"), await CountAsync("US")));
    }

    [Fact]
    public async Task After_the_scripts_are_gone_they_are_loaded_again()
    {
        await AppendAsync(Visit("US"));
        await server.Admin.ScriptFlushAsync();
        Assert.Equal(2, (await AppendAsync(Visit("US"))).Visits);
    }

    [Fact]
    public async Task A_batch_that_is_sent_twice_is_answered_twice_and_counted_once()
    {
        var script = new RedisScript("commit.lua");
        var shard = new RedisKeys(Prefix, 16).Shards[0];
        var batch = new ShardBatch(shard, _ => 0);
        using var submission = Journal.Rent();
        submission.Add(Visit("US"));
        submission.Add(Page("FR", visitor: 1));
        batch.Parts.Add(new ShardPart(submission, 2, null));
        var values = batch.EncodeArguments("node", 1, long.MaxValue >> 11);
        var first = (RedisResult[])(await script.RunAsync(server.Client, shard.MetaAndStream, values))!;
        var again = (RedisResult[])(await script.RunAsync(server.Client, shard.MetaAndStream, values))!;
        Assert.Equal(("done", "again"), ((string)first[0]!, (string)again[0]!));
        Assert.Equal((byte[])first[2]!, (byte[])again[2]!);
        Assert.Equal(1, await server.Client.StreamLengthAsync(shard.Stream));

        batch.EncodeArguments("node", 2, 1);
        values[2] = 2;
        values[3] = 1;
        var late = (RedisResult[])(await script.RunAsync(server.Client, shard.MetaAndStream, values))!;
        Assert.Equal("late", (string)late[0]!);
        Assert.Equal(1, await server.Client.StreamLengthAsync(shard.Stream));
    }
}

/// <summary>The contract of journals on a Cluster of three primaries.</summary>
public sealed class RedisClusterJournalTests(RedisCluster cluster) : RedisJournalContract(cluster.Connection), IClassFixture<RedisCluster>
{
    private protected override IEnumerable<IServer> Primaries => cluster.Servers.Select(server => server.Admin);

    [Fact]
    public async Task The_shards_are_on_all_primaries()
    {
        await AppendAllAsync([.. Enumerable.Range(0, 200).Select(i => Visit("US", site: $"shop-{i}.example"))]);
        foreach (var server in cluster.Servers) Assert.NotEmpty(server.Admin.Keys(pattern: $"{Prefix}:*:stream"));
    }
}
