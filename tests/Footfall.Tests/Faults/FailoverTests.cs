using Footfall.Common;
using Footfall.Journal.Redis;
using Footfall.Tests.Ingest;
using Footfall.Tests.Journal.Redis;

namespace Footfall.Tests.Faults;

/// <summary>A replica takes over from its primary.</summary>
public sealed class FailoverTests : FaultTest
{
    /// <remarks>
    /// Each shard needs a replica if replicas are required: the shops here are on one shard, whose primary has one.
    /// </remarks>
    [Fact]
    public async Task A_Cluster_that_fails_over_to_a_replica_loses_nothing_that_a_replica_had_to_confirm()
    {
        await using var cluster = await RedisCluster.StartAsync(replicas: 1);
        var (primary, replica) = (cluster.Servers[0], cluster.Replicas[0]);
        var sites = await SitesAsync(primary);
        var nodes = await StartNodesAsync(2, cluster.Connection, ("Redis__MinReplicas", "1"));
        var load = FaultWorkload.Start(sites[0], nodes[0].Address, nodes[1].Address);
        await load.WaitForAnsweredAsync(200);

        await replica.Admin.ExecuteAsync("CLUSTER", "FAILOVER");
        load.MarkRecoveryStart();
        await IsPrimaryAsync(replica);
        var recovered = await load.WaitForRecoveryAsync();
        await load.WaitForAnsweredAsync(100);
        await AssertExactAsync("a Cluster fails over to a replica (by command, MinReplicas 1)", load, nodes[0], recovered, sites[0]);

        // Now in reverse, by a kill in place of the command.
        load = FaultWorkload.Start(sites[1], nodes[0].Address, nodes[1].Address);
        await load.WaitForAnsweredAsync(100);
        await replica.KillAsync();
        load.MarkRecoveryStart();
        await IsPrimaryAsync(primary);
        // Without a replica nothing is confirmed: the one that failed comes back as one.
        await replica.RestartAsync();
        recovered = await load.WaitForRecoveryAsync();
        await load.WaitForAnsweredAsync(100);
        await AssertExactAsync("a Cluster's primary is killed, its replica takes over (MinReplicas 1)", load, nodes[1], recovered,
            sites[1]);
    }

    /// <summary>
    /// Unreplicated writes are lost with the primary. If a replica is required, a node acknowledges only what the replica has.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_failover_to_a_replica_that_lags_loses_nothing_that_a_replica_had_to_confirm(int minReplicas)
    {
        await using var primary = await RedisServer.StartAsync("--appendonly", "yes", "--repl-diskless-sync-delay", "0");
        await using var network = new FaultyTcpProxy(primary.Port);
        await using var replica =
            await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{network.Port}", "--repl-diskless-sync-delay", "0");
        await FollowsAsync(replica);
        var node = (await StartNodesAsync(1, $"{primary.Connection},{replica.Connection}", ("Redis__MinReplicas", $"{minReplicas}"),
            ("Redis__TimeoutSeconds", "2")))[0];
        var load = FaultWorkload.Start(node.Address);
        await load.WaitForAnsweredAsync(200);

        network.Stall();
        // Without a replica to confirm it nothing is acknowledged; otherwise everything is.
        await (minReplicas > 0 ? load.WaitForRefusedAsync() : load.WaitForAnsweredAsync(200));
        await primary.KillAsync();
        network.Disconnect();
        await replica.Admin.ExecuteAsync("REPLICAOF", "NO", "ONE");
        load.MarkRecoveryStart();
        await using var next =
            await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{replica.Port}", "--repl-diskless-sync-delay", "0");
        var recovered = await load.WaitForRecoveryAsync();
        await load.WaitForAnsweredAsync(100);

        var row = await EndAsync($"failover to a replica that lags (MinReplicas {minReplicas})", load, node, recovered);
        Assert.Equal(0, row.CountedTwice);
        if (minReplicas > 0) Assert.Equal(0, row.Lost);
    }

    /// <summary>WAIT waits for what was written on its own connection: on a new one it would return immediately.</summary>
    [Fact]
    public async Task A_batch_that_is_sent_again_on_a_new_connection_is_answered_only_when_a_replica_has_it()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var toPrimary = new FaultyTcpProxy(primary.Port);
        await using var toReplica = new FaultyTcpProxy(primary.Port);
        await using var replica =
            await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{toReplica.Port}", "--repl-diskless-sync-delay", "0");
        await FollowsAsync(replica);
        await using var app =
            FootfallApp.Start(("Journal", "Redis"), ("Redis:Connection", $"127.0.0.1:{toPrimary.Port}"), ("Redis:MinReplicas", "1"));
        await app.VisitAsync("us");

        toReplica.Stall();
        var posting = app.PostVisitAsync("?countryCode=us", "the-key");
        // By a connection of its own: that of the node waits.
        var keys = new RedisKeys("footfall", 16);
        var counters = keys.Shards[keys.ShardOf(Site.Default)].Visits(Site.Default);
        await Eventually.BecomesAsync(async () => (int)await primary.Client.HashGetAsync(counters, "US") == 2, "the primary has it");
        toPrimary.Disconnect();
        toPrimary.Resume();
        (await posting).AssertRejected(HttpStatusCode.ServiceUnavailable, "JOURNAL_UNCERTAIN");

        toReplica.Resume();
        await Eventually.BecomesAsync(async () =>
            (await app.PostVisitAsync("?countryCode=us", "the-key")).Status == HttpStatusCode.Created, "the replica confirms");
        Assert.Equal(2, (await app.StatsAsync())["us"]);
    }

    [Fact]
    public async Task A_node_that_waits_for_a_replica_goes_on_answering_what_needs_none()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var toReplica = new FaultyTcpProxy(primary.Port);
        await using var replica =
            await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{toReplica.Port}", "--repl-diskless-sync-delay", "0");
        await FollowsAsync(replica);
        await using var app = FootfallApp.Start(("Journal", "Redis"), ("Redis:Connection", $"127.0.0.1:{primary.Port}"),
            ("Redis:MinReplicas", "1"), ("Redis:TimeoutSeconds", "30"), ("RateLimit:PerMinute", "100000"), ("RateLimit:Scope", "Cluster"));
        await app.VisitAsync("us");

        toReplica.Stall();
        var posting = app.PostVisitAsync("?countryCode=us", "the-key");
        await Eventually.BecomesAsync(async () => (await app.StatsAsync())["us"] == 2, "the primary has it");
        // If each of them waited until a WAIT has given up, the visit would be given up before they are through.
        for (var i = 0; i < 40; i++) Assert.Equal(2, (await app.StatsAsync())["us"]);
        Assert.False(posting.IsCompleted);

        toReplica.Resume();
        Assert.Equal(HttpStatusCode.Created, (await posting).Status);
    }

    /// <summary>Two sites whose shard a primary has.</summary>
    private static async Task<string[]> SitesAsync(RedisServer primary)
    {
        var (keys, sites) = (new RedisKeys("footfall", 16), new List<string>());
        for (var i = 0; sites.Count < 2; i++)
        {
            var shard = keys.ShardOf($"shop-{i}.example");
            if (RedisCluster.GetPrimaryIndex((int)await primary.Admin.ExecuteAsync("CLUSTER", "KEYSLOT", $"{{{shard}}}")) == 0)
                sites.Add($"shop-{i}.example");
        }
        return [.. sites];
    }

    private static Task IsPrimaryAsync(RedisServer server) => Eventually.BecomesAsync(
        async () => (await server.Admin.ExecuteAsync("ROLE"))[0].ToString() == "master", "the replica is the primary");

    private static Task FollowsAsync(RedisServer replica) => Eventually.BecomesAsync(
        async () => (await replica.Admin.InfoRawAsync("replication"))!.Contains("master_link_status:up", StringComparison.Ordinal),
        "the replica follows");
}
