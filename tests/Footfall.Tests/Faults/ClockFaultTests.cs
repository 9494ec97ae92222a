using System.Globalization;
using System.Text.Json;
using Footfall.Common;
using Footfall.Journal.Redis;
using Footfall.Tests.History;
using Footfall.Tests.Journal.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Faults;

/// <summary>Nodes whose clocks differ.</summary>
public sealed class ClockFaultTests(RedisServer redis) : FaultTest, IClassFixture<RedisServer>
{
    private readonly string _prefix = $"test-{Guid.NewGuid():N}"[..20];

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_node_whose_clock_is_ten_minutes_off_counts_by_the_clock_of_Redis(int minutes)
    {
        var right = (await StartNodesAsync(1, redis.Connection, ("Redis__Prefix", _prefix)))[0];
        await using var wrong = FootfallApp.Start(
            services => services.AddSingleton<TimeProvider>(new RedisTimeProvider(new OffClock(TimeSpan.FromMinutes(minutes)))),
            ("Journal", "Redis"), ("Redis:Connection", redis.Connection), ("Redis:Prefix", _prefix));
        var load = FaultWorkload.Start(right.Address, wrong.Address);
        await load.WaitForAnsweredAsync(200);
        await right.Http.EventsAsync("""{"url":"https://shop.example/","country":"US","site":"shop.example"}""");
        // A browser's own time, which the node would otherwise take for the future.
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await wrong.Http.EventsAsync(
            JsonSerializer.Serialize(new { url = "https://shop.example/cart", country = "US", site = "shop.example", timestamp = time }));

        await AssertExactAsync($"the clock of one of two nodes is 10 minutes {(minutes > 0 ? "ahead" : "behind")}", load, right,
            TimeSpan.Zero);
        Assert.Empty(load.Refusals);
        // One visit of one visitor, at both nodes.
        Assert.Equal(1, (await wrong.StatsAsync("shop.example"))["us"]);
        var (hits, now) = (0, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var shard in new RedisKeys(_prefix, 16).Shards)
        {
            foreach (var entry in await redis.Client.StreamRangeAsync(shard.Stream))
            {
                var read = new List<StreamHit>();
                Assert.True(StreamEntryReader.TryRead(entry, wrong.Services.GetRequiredService<SiteRegistry>().GetOrAddStored, read));
                foreach (var (hit, _, _) in read) Assert.InRange(hit.Time, now - 120_000, now + 5_000);
                hits += read.Count;
            }
        }
        Assert.Equal(load.Answered + 2, hits);
    }

    private sealed class OffClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
