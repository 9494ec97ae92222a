using Footfall.Tests.Collect;

namespace Footfall.Tests.Journal.Redis;

/// <summary>What can happen to Redis, and what a node's clients see of it. Each test has a Redis of its own.</summary>
public sealed class RedisFaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_killed_and_started_again_loses_nothing_that_was_answered_and_counts_nothing_twice()
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var app = Start(server);
        var answered = 0;
        var posting = Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(() => PostAllAsync(app, client, 60, () => Interlocked.Increment(ref answered)), Stop)));
        for (var i = 0; i < 2; i++)
        {
            var least = 80 + 120 * i;
            await Eventually.BecomesAsync(() => Task.FromResult(Volatile.Read(ref answered) > least), "visits are answered");
            await server.KillAsync();
            await server.RestartAsync();
        }
        await posting;
        Assert.Equal(8 * 60, (await app.StatsAsync())["us"]);
    }

    [Fact]
    public async Task A_Redis_that_stands_still_is_told_with_503_and_all_recovers_by_itself()
    {
        await using var server = await RedisServer.StartAsync();
        await using var app = Start(server, ("Redis:TimeoutSeconds", "1"));
        await app.VisitAsync("us");
        await server.SignalAsync("STOP");
        try
        {
            (await app.PostVisitAsync("?countryCode=us", "the-key")).IsRefused(HttpStatusCode.ServiceUnavailable, "JOURNAL_UNCERTAIN");
            using (var answer = await app.Http.PostAsync("/api/v1/stats?countryCode=us", null, Stop))
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                Assert.NotNull(answer.Headers.RetryAfter);
            }
            await Eventually.BecomesAsync(async () => await StatusAsync(app) == HttpStatusCode.ServiceUnavailable, "the node says that it is not ready");
        }
        finally
        {
            await server.SignalAsync("CONT");
        }
        await Eventually.BecomesAsync(async () => await StatusAsync(app) == HttpStatusCode.OK, "the node is ready again");
        // What was given up came too late to be counted; sent again it counts once.
        Assert.Equal(1, (await app.StatsAsync())["us"]);
        Assert.Equal(HttpStatusCode.Created, (await app.PostVisitAsync("?countryCode=us", "the-key")).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.PostVisitAsync("?countryCode=us", "the-key")).Status);
        Assert.Equal(2, (await app.StatsAsync())["us"]);
    }

    [Fact]
    public async Task A_Redis_without_memory_refuses_and_counts_nothing_until_it_has_some()
    {
        await using var server = await RedisServer.StartAsync();
        await using var app = Start(server);
        await app.VisitAsync("us");
        await server.Admin.ConfigSetAsync("maxmemory", "1");
        (await app.PostVisitAsync("?countryCode=us")).IsRefused(HttpStatusCode.ServiceUnavailable, "JOURNAL_UNAVAILABLE");
        using (var health = await app.Http.GetAsync("/healthz", Stop))
            Assert.Contains("maxmemory", await health.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(1, (await app.StatsAsync())["us"]);
        await server.Admin.ConfigSetAsync("maxmemory", "0");
        await Eventually.BecomesAsync(async () => (await app.Http.GetStringAsync("/healthz", Stop)).Contains("\"ready\",\"history\"", StringComparison.Ordinal), "all shards can be written again");
        await app.VisitAsync("us");
        Assert.Equal(2, (await app.StatsAsync())["us"]);
    }

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
    public async Task A_Redis_that_keeps_nothing_on_disk_is_warned_of()
    {
        await using var server = await RedisServer.StartAsync();
        using var data = new TemporaryDirectory();
        await using var program = await FootfallProcess.StartAsync(data, null, ("Footfall__Journal", "Redis"), ("Footfall__Redis__Connection", server.Connection));
        await Eventually.BecomesAsync(() => Task.FromResult(program.Output.Contains("Set appendonly yes", StringComparison.Ordinal)), "the warning");
        await program.SignalAsync("TERM");
        await program.WaitForExitAsync();
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task A_node_killed_while_it_writes_loses_nothing_that_it_answered_and_another_goes_on()
    {
        await using var server = await RedisServer.StartAsync();
        using var data = new TemporaryDirectory();
        await using var survivor = Start(server);
        await using var victim = await FootfallProcess.StartAsync(data, null, ("Footfall__Journal", "Redis"), ("Footfall__Redis__Connection", server.Connection));
        var (answered, first) = (0, new TaskCompletionSource());
        var posting = Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(
            async () =>
            {
                for (var i = 0; ; i++)
                {
                    try
                    {
                        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(victim.Address, "/api/v1/stats?countryCode=us")) { Headers = { { "Idempotency-Key", $"{client}-{i}" } } };
                        using var answer = await victim.Http.SendAsync(request, Stop);
                        if (answer.StatusCode == HttpStatusCode.Created && Interlocked.Increment(ref answered) == 200) first.SetResult();
                    }
                    catch (HttpRequestException)
                    {
                        // The victim is dead: the same goes to the other one.
                        Assert.Equal(HttpStatusCode.Created, (await survivor.PostVisitAsync("?countryCode=us", $"{client}-{i}")).Status);
                        Interlocked.Increment(ref answered);
                        return;
                    }
                }
            }, Stop)));
        await first.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Stop);
        await victim.KillAsync();
        await posting;
        Assert.Equal(answered, (await survivor.StatsAsync())["us"]);
    }

    private static FootfallApp Start(RedisServer server, params (string, string)[] settings) =>
        FootfallApp.Start([("Journal", "Redis"), ("Redis:Connection", server.Connection), .. settings]);

    /// <summary>Each visit again and again until it is answered, always with its key.</summary>
    private static async Task PostAllAsync(FootfallApp app, int client, int visits, Action answered)
    {
        for (var i = 0; i < visits; i++)
        {
            await Eventually.BecomesAsync(async () => (await app.PostVisitAsync("?countryCode=us", $"{client}-{i}")).Status == HttpStatusCode.Created, $"visit {i} of client {client} is answered");
            answered();
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(FootfallApp app)
    {
        using var answer = await app.Http.GetAsync("/healthz", Stop);
        return answer.StatusCode;
    }

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
