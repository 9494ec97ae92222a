using Footfall.Tests.Deploy;
using Footfall.Tests.Journal.Redis;

namespace Footfall.Tests.Faults;

/// <summary>Nodes behind Nginx; one fails. Their clients send visits with keys, and notice nothing.</summary>
public sealed class NodeFaultTests : FaultTest
{
    [Fact]
    public async Task A_node_that_is_killed_fails_no_request_and_nothing_is_lost_or_counted_twice()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        var nodes = await StartNodesAsync(2, redis.Connection);
        await using var nginx = await Nginx.StartAsync(nodes[0].Address, nodes[1].Address);
        var load = FaultWorkload.Start(nginx.ApiAddress);
        await load.WaitForAnsweredAsync(200);

        await nodes[0].KillAsync();
        load.MarkRecoveryStart();
        var recovered = await load.WaitForRecoveryAsync();
        await load.WaitForAnsweredAsync(200);

        await AssertExactAsync("a node is killed (two behind Nginx)", load, nodes[1], recovered);
        Assert.Empty(load.Refusals);
    }

    [Fact]
    public async Task A_node_that_is_cut_off_from_Redis_leaves_its_requests_to_the_other_and_comes_back()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        await using var network = new FaultyTcpProxy(redis.Port);
        var starting = StartNodesAsync(1, $"127.0.0.1:{network.Port}", ("Redis__TimeoutSeconds", "1"));
        var other = (await StartNodesAsync(1, redis.Connection))[0];
        var cutOff = (await starting)[0];
        await using var nginx = await Nginx.StartAsync(cutOff.Address, other.Address);
        var load = FaultWorkload.Start(nginx.ApiAddress);
        await load.WaitForAnsweredAsync(200);

        // Packets get lost: no side learns that the other is gone. Then each attempt to connect is refused.
        network.Stall();
        await WaitForHealthAsync(cutOff, HttpStatusCode.ServiceUnavailable);
        network.Disconnect();
        await load.WaitForAnsweredAsync(200);
        network.Resume();
        load.MarkRecoveryStart();
        var recovered = await load.WaitForRecoveryAsync();
        await WaitForHealthAsync(cutOff, HttpStatusCode.OK, "\"ready\",\"history\"");
        await load.WaitForAnsweredAsync(200);

        await AssertExactAsync("the network between one of two nodes and Redis is cut", load, other, recovered);
        Assert.Empty(load.Refusals);
        Assert.Equal(await StatsAsync(other.Http), await StatsAsync(cutOff.Http));
    }

    [Fact]
    public async Task Nodes_that_are_all_cut_off_from_Redis_refuse_and_come_back_by_themselves()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        await using var network = new FaultyTcpProxy(redis.Port);
        var node = (await StartNodesAsync(1, $"127.0.0.1:{network.Port}", ("Redis__TimeoutSeconds", "1")))[0];
        var load = FaultWorkload.Start(node.Address);
        await load.WaitForAnsweredAsync(200);

        network.Disconnect();
        await load.WaitForRefusedAsync();
        network.Resume();
        await load.WaitForAnsweredAsync(50);
        network.Stall();
        await load.WaitForRefusedAsync(load.Refusals.Values.Sum() + 8);
        // Never an old number.
        using (var stats = await node.Http.GetAsync("/api/v1/stats", Stop))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, stats.StatusCode);
        await WaitForHealthAsync(node, HttpStatusCode.ServiceUnavailable);
        network.Resume();
        load.MarkRecoveryStart();
        var recovered = await load.WaitForRecoveryAsync();
        await WaitForHealthAsync(node, HttpStatusCode.OK, "\"ready\",\"history\"");

        await AssertExactAsync("the network between all nodes and Redis is cut, then stands still", load, node, recovered);
    }
}
