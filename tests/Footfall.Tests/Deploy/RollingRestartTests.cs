using System.Collections.Concurrent;
using Footfall.Tests.Journal.Redis;

namespace Footfall.Tests.Deploy;

/// <summary>Nodes that leave and come back while shops send.</summary>
public sealed class RollingRestartTests
{
    private const int Clients = 8;

    private int _answered;

    [Fact]
    public async Task A_rolling_restart_under_load_fails_no_request_and_counts_none_twice()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes");
        using var data1 = new TemporaryDirectory();
        using var data2 = new TemporaryDirectory();
        var (address1, address2) = (new Uri($"http://{Loopback.Next()}:3030"), new Uri($"http://{Loopback.Next()}:3030"));
        var node1 = await StartAsync(data1, address1, redis);
        var node2 = await StartAsync(data2, address2, redis);
        await using var nginx = await Nginx.StartAsync(address1, address2);
        using var enough = new CancellationTokenSource();
        var failures = new ConcurrentQueue<string>();
        var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(() => SendAsync(nginx, number, failures, enough.Token)))
            .ToList();

        await AnsweredAsync(200);
        // The next one as soon as the one before is there again.
        node1 = await RestartAsync(node1, data1, address1, redis);
        node2 = await RestartAsync(node2, data2, address2, redis);
        await AnsweredAsync(200);
        await enough.CancelAsync();
        await Task.WhenAll(clients);

        var (counted, same) = ((await node1.StatsAsync()).GetValueOrDefault("us"), (await node2.StatsAsync()).GetValueOrDefault("us"));
        await node1.DisposeAsync();
        await node2.DisposeAsync();
        Assert.Empty(failures);
        Assert.Equal((_answered, _answered), (counted, same));
        TestContext.Current.TestOutputHelper!.WriteLine($"{_answered} requests during two restarts, none failed.");
    }

    [Fact]
    public async Task A_node_that_drains_is_not_ready_and_still_takes_hits()
    {
        using var data = new TemporaryDirectory();
        await using var node =
            await FootfallProcess.StartAsync(data, null, ("Footfall__DrainSeconds", "300"), ("Footfall__ShutdownSeconds", "1"));
        using var live =
            await node.Http.GetAsync("/api/v1/stats/live", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await node.SignalAsync("TERM");
        // The stream ends with the last reconnection time.
        Assert.Matches("retry: \\d+\n\n$", await live.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        await Eventually.BecomesAsync(
            () => Task.FromResult(node.Output.Contains("still accepted for 300 s", StringComparison.Ordinal)), "it says that it drains");
        using var health = await node.Http.GetAsync("/healthz", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.True(health.Headers.ConnectionClose);
        using var visit = await node.Http.PostAsync("/api/v1/stats?countryCode=us", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, visit.StatusCode);
        Assert.True(visit.Headers.ConnectionClose);
        using var subscriber = await node.Http.GetAsync("/api/v1/stats/live", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, subscriber.StatusCode);

        // Killed before the drain ended: every acknowledged hit is stored.
        await node.KillAsync();
        await using var again = await FootfallProcess.StartAsync(data);
        Assert.Equal(1, (await again.StatsAsync())["us"]);
    }

    [Fact]
    public async Task What_was_under_way_is_answered_after_the_drain()
    {
        using var data = new TemporaryDirectory();
        await using var node =
            await FootfallProcess.StartAsync(data, null, ("Footfall__DrainSeconds", "1"), ("Footfall__ShutdownSeconds", "60"));
        using var client = await RawSocketClient.ConnectAsync(node.Address);
        await client.SendAsync("POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 31\r\n\r\n{\"name\":");
        using (var ping = await node.Http.GetAsync("/api/v1/ping", TestContext.Current.CancellationToken))
            Assert.True(ping.IsSuccessStatusCode);
        await node.SignalAsync("TERM");
        await Eventually.BecomesAsync(async () => !await ListensAsync(node), "it takes no connection any more");

        await client.SendAsync("\"visit\",\"country\":\"us\"}");
        var response = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 202", response, StringComparison.Ordinal);
        Assert.Contains("\"accepted\":1", response, StringComparison.Ordinal);
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
    }

    private static Task<FootfallProcess> StartAsync(string data, Uri address, RedisServer redis) => FootfallProcess.StartAsync(
        data, null, ("ASPNETCORE_URLS", address.ToString()), ("Footfall__Journal", "Redis"),
        ("Footfall__Redis__Connection", redis.Connection), ("Footfall__TrustedProxies", "127.0.0.0/8"), ("Footfall__DrainSeconds", "2"),
        ("Footfall__History__Enabled", "false"));

    private static async Task<FootfallProcess> RestartAsync(FootfallProcess node, string data, Uri address, RedisServer redis)
    {
        await node.SignalAsync("TERM");
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        await node.DisposeAsync();
        return await StartAsync(data, address, redis);
    }

    private static async Task<bool> ListensAsync(FootfallProcess node)
    {
        try
        {
            using var _ = await RawSocketClient.ConnectAsync(node.Address);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private async Task SendAsync(Nginx nginx, int number, ConcurrentQueue<string> failures, CancellationToken enough)
    {
        using var http = nginx.ClientFrom("127.0.0.1", nginx.ApiAddress);
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post,
                "/api/v1/stats?countryCode=us")
            { Headers = { { "Idempotency-Key", $"{number}-{i}" } } };
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.Created) Interlocked.Increment(ref _answered);
            else failures.Enqueue(
                $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        }
    }

    private Task AnsweredAsync(int more)
    {
        var until = Volatile.Read(ref _answered) + more;
        return Eventually.BecomesAsync(() => Task.FromResult(Volatile.Read(ref _answered) >= until), $"{more} more requests are answered");
    }
}
