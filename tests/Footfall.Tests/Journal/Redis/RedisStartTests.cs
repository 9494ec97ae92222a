using Footfall.Tests.Collect;

namespace Footfall.Tests.Journal.Redis;

/// <summary>A Redis that is not as it has to be, and what a node says of it. Each test has a Redis of its own.</summary>
public sealed class RedisStartTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_waits_for_as_many_replicas_as_the_setting_says()
    {
        await using var server = await RedisServer.StartAsync();
        await using var app = Start(server, ("Redis:MinReplicas", "1"), ("Redis:TimeoutSeconds", "1"));
        var refused = await app.PostVisitAsync("?countryCode=us", "the-key");
        refused.IsRefused(HttpStatusCode.ServiceUnavailable, "JOURNAL_UNCERTAIN");

        await using var replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{server.Port}");
        await Eventually.BecomesAsync(async () => (await app.PostVisitAsync("?countryCode=us", "the-key")).Status == HttpStatusCode.Created, "the replica confirms");
        Assert.Equal(1, (await app.StatsAsync())["us"]);
    }

    [Fact]
    public async Task A_Redis_that_is_not_there_at_the_start_is_told_in_a_sentence()
    {
        var sentence = await EndsWithAsync($"127.0.0.1:{RedisServer.FreePort()}");
        Assert.Contains("can't be used", sentence, StringComparison.Ordinal);
        Assert.Contains("Footfall__Redis__Connection", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_throws_keys_away_is_refused_at_the_start()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory-policy", "allkeys-lru");
        var sentence = await EndsWithAsync(server.Connection);
        Assert.Contains("Set maxmemory-policy noeviction", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_shards_is_refused_at_the_start()
    {
        await using var server = await RedisServer.StartAsync();
        await Start(server).DisposeAsync();
        var sentence = await EndsWithAsync(server.Connection, ("Footfall__Redis__Shards", "8"));
        Assert.Contains("has 16 shards", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_keeps_nothing_on_disk_and_an_option_that_is_passed_over_are_warned_of()
    {
        await using var server = await RedisServer.StartAsync();
        using var data = new TemporaryDirectory();
        await using var program = await FootfallProcess.StartAsync(data, null, ("Footfall__Journal", "Redis"), ("Footfall__Redis__Connection", $"{server.Connection},AsyncTimeout=100"));
        await Eventually.BecomesAsync(
            () => Task.FromResult(program.Output.Contains("Set appendonly yes", StringComparison.Ordinal) && program.Output.Contains("asyncTimeout in Footfall__Redis__Connection is passed over", StringComparison.Ordinal)),
            "the warnings");
        await program.SignalAsync("TERM");
        await program.WaitForExitAsync();
        Assert.Equal(0, program.ExitCode);
    }

    private static FootfallApp Start(RedisServer server, params (string, string)[] settings) =>
        FootfallApp.Start([("Journal", "Redis"), ("Redis:Connection", server.Connection), .. settings]);

    private static async Task<string> EndsWithAsync(string connection, params (string, string)[] settings)
    {
        using var data = new TemporaryDirectory();
        await using var program = FootfallProcess.Launch(data, null, [("Footfall__Journal", "Redis"), ("Footfall__Redis__Connection", connection), .. settings]);
        await program.WaitForExitAsync();
        Assert.Equal(1, program.ExitCode);
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
        return program.Output;
    }
}
