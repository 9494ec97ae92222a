using System.Text;
using Footfall.Journal.Redis;
using Footfall.Tests.History;
using Footfall.Tests.Ingest;
using StackExchange.Redis;

namespace Footfall.Tests.Journal.Redis;

/// <summary>Redis accepts a part of what it is sent, and rejects the rest.</summary>
public sealed class PartialWriteTests
{
    private static readonly RedisKeys Keys = new("footfall", 16);

    private static readonly string[] Sites = [.. Enumerable.Range(0, 30).Select(i => $"shop-{i}.example")];

    [Fact]
    public async Task Not_counted_is_reported_only_if_no_part_of_a_request_was()
    {
        await using var server = await RedisServer.StartAsync();
        await using var app = FootfallApp.Start(("Journal", "Redis"), ("Redis:Connection", server.Connection));
        var broken = Sites.Select(Keys.ShardOf).Distinct().Take(4).ToHashSet();
        foreach (var shard in broken) await server.Client.StringSetAsync(Keys.Shards[shard].Stream, "of another program");
        var lost = Sites.Where(site => broken.Contains(Keys.ShardOf(site))).ToList();

        (await app.PostEventsAsync(Body(lost), "application/x-ndjson")).AssertRejected(HttpStatusCode.ServiceUnavailable,
            "JOURNAL_UNAVAILABLE");
        foreach (var site in lost) Assert.Empty(await app.StatsAsync(site));
        (await app.PostEventsAsync(Body(Sites), "application/x-ndjson")).AssertRejected(HttpStatusCode.ServiceUnavailable,
            "JOURNAL_UNCERTAIN");
        foreach (var site in Sites) Assert.Equal(lost.Contains(site) ? 0 : 1, (await app.StatsAsync(site)).GetValueOrDefault("us"));

        foreach (var shard in broken) await server.Client.KeyDeleteAsync(Keys.Shards[shard].Stream);
        Assert.Equal(HttpStatusCode.Accepted, (await app.PostEventsAsync(Body(Sites), "application/x-ndjson")).Status);
        foreach (var site in Sites) Assert.Equal(1, (await app.StatsAsync(site))["us"]);
    }

    [Fact]
    public async Task A_request_that_one_of_its_shards_has_no_room_for_is_counted_by_none()
    {
        await using var server = await RedisServer.StartAsync();
        await using var app = FootfallApp.Start(("Journal", "Redis"), ("Redis:Connection", server.Connection), ("QueueLimit", "1"),
            ("Redis:TimeoutSeconds", "60"));
        await server.SignalAsync("STOP");
        // One is in flight, one waits, and others are rejected.
        var visits = new List<Task<ApiResponse>>();
        await Eventually.BecomesAsync(
            async () =>
            {
                visits.Add(app.PostVisitAsync($"?countryCode=us&site={Sites[0]}"));
                return visits.Count(visit => !visit.IsCompleted) >= 2 && await app.Http.MetricAsync("footfall_journal_queue_hits") == 1;
            },
            "one waits behind another one");

        (await app.PostEventsAsync(Body(Sites), "application/x-ndjson")).AssertRejected(HttpStatusCode.ServiceUnavailable, "JOURNAL_FULL");
        await server.SignalAsync("CONT");
        var responses = await Task.WhenAll(visits);
        foreach (var site in Sites[1..]) Assert.Empty(await app.StatsAsync(site));
        Assert.Equal(responses.Count(response => response.Status == HttpStatusCode.Created), (await app.StatsAsync(Sites[0]))["us"]);
    }

    [Fact]
    public async Task After_the_loss_of_a_right_the_response_says_what_may_be_counted()
    {
        await using var server = await RedisServer.StartAsync();
        await server.Client.ExecuteAsync("ACL", "SETUSER", "node", "on", ">secret", "~*", "&*", "+@all");
        await using var app =
            FootfallApp.Start(("Journal", "Redis"), ("Redis:Connection", $"{server.Connection},user=node,password=secret"));
        var stream = Keys.Shards[Keys.ShardOf("default")].Stream;

        await server.Client.ExecuteAsync("ACL", "SETUSER", "node", "-xadd");
        (await app.PostVisitAsync("?countryCode=us", "one")).AssertRejected(HttpStatusCode.ServiceUnavailable, "JOURNAL_UNAVAILABLE");
        Assert.Empty(await app.StatsAsync());
        await server.Client.ExecuteAsync("ACL", "SETUSER", "node", "+xadd", "-set");
        (await app.PostVisitAsync("?countryCode=us", "two")).AssertRejected(HttpStatusCode.ServiceUnavailable, "JOURNAL_UNCERTAIN");
        await server.Client.ExecuteAsync("ACL", "SETUSER", "node", "+set");

        var response = await app.PostVisitAsync("?countryCode=us", "one");
        Assert.Equal((HttpStatusCode.Created, """{"us":1}"""), (response.Status, response.Text));
        Assert.Equal(2, await server.Client.StreamLengthAsync(stream));
    }

    private static string Body(IEnumerable<string> sites)
    {
        var lines = new StringBuilder();
        foreach (var site in sites) lines.Append($$"""{"name":"visit","country":"us","site":"{{site}}","id":"{{site}}"}""").Append('\n');
        return lines.ToString().TrimEnd();
    }
}
