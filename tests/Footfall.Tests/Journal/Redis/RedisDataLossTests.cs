using Footfall.Journal.Redis;
using Footfall.Tests.History;
using StackExchange.Redis;

namespace Footfall.Tests.Journal.Redis;

/// <summary>A Redis without persistence restarts under a running node: all its data is lost.</summary>
public sealed class RedisDataLossTests
{
    private static readonly RedisKey Journal = new RedisKeys("footfall", 16).Journal;

    [Fact]
    public async Task A_history_counts_nothing_twice_after_Redis_lost_its_data()
    {
        await using var server = await RedisServer.StartAsync();
        using var data = new TemporaryDirectory();
        RedisValue id, secret;
        await using (var app = Start(server, data))
        {
            id = await server.Client.HashGetAsync(Journal, "id");
            secret = await server.Client.HashGetAsync(Journal, "secret");
            await app.VisitAsync("us", 5);
            await app.Http.HasVisitsAsync(5);
            await server.KillAsync();
            await server.RestartAsync();
            await Eventually.BecomesAsync(async () =>
                await server.Client.HashGetAsync(Journal, "id") == id, "the node has put the name of the journal back");
            Assert.Equal(secret, await server.Client.HashGetAsync(Journal, "secret"));
            Assert.Equal("16", await server.Client.HashGetAsync(Journal, "shards"));
            Assert.Equal("1", await server.Client.HashGetAsync(Journal, "format"));
            await Eventually.BecomesAsync(
                async () =>
                {
                    using var visit = await app.Http.PostAsync("/api/v1/stats?countryCode=us", null, TestContext.Current.CancellationToken);
                    return visit.StatusCode == HttpStatusCode.Created;
                },
                "visits are counted again");
            await app.VisitAsync("us", 2);
            await app.Http.HasVisitsAsync(8);
        }
        await using (var app = Start(server, data))
        {
            await app.VisitAsync("us");
            await app.Http.HasVisitsAsync(9);
        }
    }

    [Fact]
    public async Task Another_journal_in_its_place_is_reported_with_what_to_do()
    {
        await using var server = await RedisServer.StartAsync();
        using var data = new TemporaryDirectory();
        await using var node = await FootfallProcess.StartAsync(data, null, ("Footfall__Journal", "Redis"),
            ("Footfall__Redis__Connection", server.Connection));
        var other = Guid.NewGuid();
        await server.Client.HashSetAsync(Journal, "id", other.ToString());
        await Eventually.BecomesAsync(() => Task.FromResult(node.Output.Contains($"Redis has a different journal now "
            + $"({other}", StringComparison.Ordinal)), "it is told");
    }

    private static FootfallApp Start(RedisServer server, string data) =>
        FootfallApp.Start(null, data, ("Journal", "Redis"), ("Redis:Connection", server.Connection), ("History:Enabled", "true"));
}
