using System.Text.Json;
using Footfall.Journal.Redis;
using Footfall.Tests.History;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Journal.Redis;

/// <summary>Nodes whose clocks differ.</summary>
public sealed class RedisClockTests(RedisServer server) : IClassFixture<RedisServer>
{
    private readonly string _prefix = $"test-{Guid.NewGuid():N}"[..20];

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_node_whose_clock_is_ten_minutes_off_counts_by_the_clock_of_Redis(int minutes)
    {
        await using var right = FootfallApp.Start(("Journal", "Redis"), ("Redis:Connection", server.Connection), ("Redis:Prefix", _prefix));
        await using var wrong = FootfallApp.Start(
            services => services.AddSingleton<TimeProvider>(new SharedTime(new OffClock(TimeSpan.FromMinutes(minutes)))),
            ("Journal", "Redis"), ("Redis:Connection", server.Connection), ("Redis:Prefix", _prefix));
        await right.Http.EventsAsync("""{"url":"https://shop.example/","country":"US"}""");
        // A browser's own time, which the node would otherwise take for the future.
        await wrong.Http.EventsAsync(JsonSerializer.Serialize(new { url = "https://shop.example/cart", country = "US", timestamp = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) }));
        await wrong.VisitAsync("us");
        Assert.Equal(2, (await right.StatsAsync())["us"]);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var entry in await server.Client.StreamRangeAsync(new RedisKeys(_prefix, 16).Of(right.Services.GetRequiredService<Footfall.Words.Sites>().Default).Stream))
            StreamHits.Read(entry, right.Services.GetRequiredService<Footfall.Words.Sites>().Restore, (in hit, _, _) => Assert.InRange(hit.Time, now - 120_000, now + 5_000));
    }

    private sealed class OffClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
