using Footfall.Journal.Redis;
using Footfall.Tests.Journal.Redis;

namespace Footfall.Tests.Faults;

/// <summary>A Cluster whose slots move while nodes write.</summary>
public sealed class SlotMigrationTests(RedisCluster cluster) : FaultTest, IClassFixture<RedisCluster>
{
    [Fact]
    public async Task A_slot_that_moves_to_another_primary_loses_nothing_and_counts_nothing_twice()
    {
        var nodes = await StartNodesAsync(2, cluster.Connection);
        var shard = new RedisKeys("footfall", 16).ShardOf(FaultWorkload.Site);
        var slot = (int)await cluster.Servers[0].Admin.ExecuteAsync("CLUSTER", "KEYSLOT", $"{{{shard}}}");
        var from = RedisCluster.GetPrimaryIndex(slot);
        var load = FaultWorkload.Start(nodes[0].Address, nodes[1].Address);
        await load.WaitForAnsweredAsync(200);

        // With some keys here and some there Redis takes no script: what is sent then waits, or is rejected and sent again.
        await cluster.MoveSlotAsync(slot, cluster.Servers[from], cluster.Servers[(from + 1) % 3]);
        load.MarkRecoveryStart();
        var recovered = await load.WaitForRecoveryAsync();
        await load.WaitForAnsweredAsync(200);

        await AssertExactAsync("a slot of a Cluster moves to another primary", load, nodes[0], recovered);
        Assert.Equal(await StatsAsync(nodes[0].Http), await StatsAsync(nodes[1].Http));
    }
}
