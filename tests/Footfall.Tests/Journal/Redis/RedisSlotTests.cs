using Footfall.Journal.Redis;
using Footfall.Tests.Collect;

namespace Footfall.Tests.Journal.Redis;

/// <summary>A Cluster whose slots move while nodes write.</summary>
public sealed class RedisSlotTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    [Fact]
    public async Task A_slot_that_moves_to_another_primary_loses_nothing_and_counts_nothing_twice()
    {
        const string site = "moving.example";
        await using var app = FootfallApp.Start(("Journal", "Redis"), ("Redis:Connection", cluster.Connection));
        var shard = new RedisKeys("footfall", 16).ShardOf(site);
        var slot = (int)await cluster.Servers[0].Admin.ExecuteAsync("CLUSTER", "KEYSLOT", $"{{{shard}}}");
        var from = cluster.Servers[slot * 3 / 16_384];
        var to = cluster.Servers[(slot * 3 / 16_384 + 1) % 3];
        var (answered, refused, done) = (0, 0, false);
        var posting = Task.WhenAll(Enumerable.Range(0, 4).Select(client => Task.Run(
            async () =>
            {
                for (var i = 0; !Volatile.Read(ref done); i++)
                {
                    // Again until it is answered.
                    while ((await app.PostVisitAsync($"?countryCode=us&site={site}", $"{client}-{i}")).Status != HttpStatusCode.Created) Interlocked.Increment(ref refused);
                    Interlocked.Increment(ref answered);
                }
            }, TestContext.Current.CancellationToken)));
        await MoreAsync();
        // With some keys here and some there Redis takes no script: what is sent then waits, or is refused and sent again.
        await cluster.MoveAsync(slot, from, to);
        await MoreAsync();
        Volatile.Write(ref done, true);
        await posting;
        Assert.Equal(answered, (await app.StatsAsync(site))["us"]);

        Task MoreAsync()
        {
            var least = Volatile.Read(ref answered) + 50;
            return Eventually.BecomesAsync(() => Task.FromResult(Volatile.Read(ref answered) >= least), "visits are answered");
        }
    }
}
