using Footfall.Tests.Live;

namespace Footfall.Tests.Journal.Redis;

/// <summary>Nodes on a Cluster of three primaries.</summary>
public sealed class RedisClusterNodesTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    [Fact]
    public async Task Nodes_count_show_and_follow_the_sites_of_all_primaries()
    {
        await using var a = Start();
        await using var b = Start();
        for (var i = 0; i < 24; i++) await (i % 2 == 0 ? a : b).VisitAsync("us", i + 1, $"shop-{i}.example");
        for (var i = 0; i < 24; i++)
        {
            var site = $"shop-{i}.example";
            Assert.Equal(i + 1, (await a.StatsAsync(site))["us"]);
            Assert.Equal(i + 1, (await b.StatsAsync(site))["us"]);
        }
        foreach (var site in (string[])["shop-3.example", "shop-4.example", "shop-5.example"])
        {
            await using var stream = await SseStream.OpenAsync(b, $"?site={site}");
            await stream.WaitUntilAsync(state => state.Total("us") == site[5] - '0' + 1);
        }
    }

    private FootfallApp Start() => FootfallApp.Start(("Journal", "Redis"), ("Redis:Connection", cluster.Connection));
}
