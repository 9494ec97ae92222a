using Footfall.Tests.Deploy;
using Footfall.Tests.Journal.Redis;

namespace Footfall.Tests.Faults;

/// <summary>What can happen to the one Redis of two nodes.</summary>
public sealed class RedisFaultTests : FaultTest
{
    [Fact]
    public async Task Redis_killed_and_started_again_loses_nothing_and_counts_nothing_twice()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        var nodes = await StartNodesAsync(2, redis.Connection);
        var load = FaultWorkload.Start(nodes[0].Address, nodes[1].Address);
        await load.WaitForAnsweredAsync(200);

        await redis.KillAsync();
        await redis.RestartAsync();
        await load.WaitForAnsweredAsync(100);
        await redis.KillAsync();
        await load.WaitForRefusedAsync();
        await redis.RestartAsync();
        load.MarkRecoveryStart();
        var recovered = await load.WaitForRecoveryAsync();
        await load.WaitForAnsweredAsync(100);

        await AssertExactAsync("Redis is killed and started again, twice (appendfsync always)", load, nodes[0], recovered);
        Assert.Equal(await StatsAsync(nodes[0].Http), await StatsAsync(nodes[1].Http));
    }

    [Fact]
    public async Task A_Redis_frozen_for_ten_seconds_gives_503_and_everything_recovers_by_itself()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        var nodes = await StartNodesAsync(2, redis.Connection, ("Redis__TimeoutSeconds", "2"));
        var load = FaultWorkload.Start(nodes[0].Address, nodes[1].Address);
        await load.WaitForAnsweredAsync(200);

        await redis.SignalAsync("STOP");
        // The time is the fault itself.
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, Stop);
        await load.WaitForRefusedAsync();
        foreach (var node in nodes) await WaitForHealthAsync(node, HttpStatusCode.ServiceUnavailable);
        await redis.SignalAsync("CONT");
        load.MarkRecoveryStart();
        var recovered = await load.WaitForRecoveryAsync();
        foreach (var node in nodes) await WaitForHealthAsync(node, HttpStatusCode.OK, "\"ready\",\"history\"");
        await load.WaitForAnsweredAsync(200);

        await AssertExactAsync("Redis stands still for 10 seconds (SIGSTOP)", load, nodes[0], recovered);
        Assert.All(load.Refusals.Keys, code => Assert.StartsWith("JOURNAL_", code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_all_nodes_refuse_comes_through_Nginx_as_they_said_it()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        var nodes = await StartNodesAsync(2, redis.Connection);
        await using var nginx = await Nginx.StartAsync(nodes[0].Address, nodes[1].Address);
        var load = FaultWorkload.Start(nginx.ApiAddress);
        await load.WaitForAnsweredAsync(50);
        await redis.Admin.ConfigSetAsync("maxmemory", "1");
        await load.WaitForRefusedAsync(200);
        await redis.Admin.ConfigSetAsync("maxmemory", "0");
        load.MarkRecoveryStart();
        await load.WaitForRecoveryAsync();
        await load.StopAsync();
        Assert.Empty(load.Wrong);
        Assert.Equal(["JOURNAL_UNAVAILABLE"], load.Refusals.Keys);
    }

    [Fact]
    public async Task Redis_without_memory_refuses_and_counts_nothing_until_it_has_some()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        var nodes = await StartNodesAsync(2, redis.Connection);
        var load = FaultWorkload.Start(nodes[0].Address, nodes[1].Address);
        await load.WaitForAnsweredAsync(200);

        await redis.Admin.ConfigSetAsync("maxmemory", "1");
        // Rejected immediately, not after the timeout; and each is certainly not counted.
        await load.WaitForRefusedAsync(50);
        Assert.Equal(["JOURNAL_UNAVAILABLE"], load.Refusals.Keys);
        await WaitForHealthAsync(nodes[0], HttpStatusCode.OK, "maxmemory");
        Assert.Equal(load.Answered, (await StatsAsync(nodes[0].Http)).Values.Sum());
        await redis.Admin.ConfigSetAsync("maxmemory", "0");
        load.MarkRecoveryStart();
        var recovered = await load.WaitForRecoveryAsync();
        foreach (var node in nodes) await WaitForHealthAsync(node, HttpStatusCode.OK, "\"ready\",\"history\"");
        await load.WaitForAnsweredAsync(200);

        await AssertExactAsync("Redis is at maxmemory", load, nodes[0], recovered);
    }
}
