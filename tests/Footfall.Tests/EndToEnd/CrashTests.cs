using System.Collections.Concurrent;

namespace Footfall.Tests.EndToEnd;

/// <summary>
/// Kills the program at random moments under load. <c>bench/crash.sh N</c> runs more rounds through FOOTFALL_CRASH_ROUNDS.
/// </summary>
public sealed class CrashTests
{
    private const int Connections = 12;
    private const int BatchHits = 20;

    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("FOOTFALL_CRASH_ROUNDS"), out var rounds) ? rounds
        : 20;
    private static readonly string[] Countries = ["us", "de", "fr", "gb", "jp", "br", "in", "se"];

    private readonly ConcurrentDictionary<string, string> _answered = [];
    private readonly ConcurrentBag<Message> _unanswered = [];
    private int _sent;

    private sealed record Message(string Key, string Country, bool Batch)
    {
        public int Hits => Batch ? BatchHits : 1;
    }

    [Fact]
    public async Task Every_answered_hit_is_counted_and_none_twice_whenever_the_program_is_killed()
    {
        using var data = new TemporaryDirectory();
        var random = new Random(TestContext.Current.Test!.UniqueID.GetHashCode(StringComparison.Ordinal));
        var counted = new Dictionary<string, long>();
        var server = await FootfallProcess.StartAsync(data);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await LoadUntilKilledAsync(server, random.Next(20, 400));
                await server.DisposeAsync();
                server = await FootfallProcess.StartAsync(data);
                var after = await server.StatsAsync();
                var answered = _answered.Keys.Select(Parse).Sum(message => message.Hits);
                Assert.InRange(after.Values.Sum(), answered, answered + _unanswered.Sum(message => message.Hits));

                while (_unanswered.TryTake(out var message)) await SendAgainAsync(server, message);
                foreach (var (key, body) in _answered.Take(50)) Assert.Equal(body, await SendAgainAsync(server, Parse(key)));
                counted = await server.StatsAsync();
                Assert.Equal(_sent, counted.Values.Sum());
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
        var expected = _answered.Keys.Select(Parse).GroupBy(message => message.Country)
            .ToDictionary(group => group.Key, group => (long)group.Sum(message => message.Hits));
        Assert.Equal(expected.OrderBy(count => count.Key), counted.OrderBy(count => count.Key));
        TestContext.Current.TestOutputHelper!.WriteLine($"{Rounds} kills, {_sent} hits sent, {_sent} counted.");
    }

    private async Task LoadUntilKilledAsync(FootfallProcess server, int hitsBeforeKill)
    {
        var until = _answered.Count + hitsBeforeKill;
        var enough = new TaskCompletionSource();
        var clients = Enumerable.Range(0, Connections).Select(number => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var message = new Message($"{Guid.NewGuid():N}", Countries[i % Countries.Length], Batch: number % 4 == 0);
                Interlocked.Add(ref _sent, message.Hits);
                try
                {
                    await SendAsync(server, message);
                }
                catch (Exception error) when (error is HttpRequestException or IOException)
                {
                    _unanswered.Add(message);
                    return;
                }
                if (_answered.Count >= until) enough.TrySetResult();
            }
        })).ToArray();
        await enough.Task.WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System, TestContext.Current.CancellationToken);
        await server.KillAsync();
        await Task.WhenAll(clients);
    }

    /// <summary>Sends until it succeeds: a retry is safe because of the key.</summary>
    private async Task<string> SendAgainAsync(FootfallProcess server, Message message) => await SendAsync(server, message);

    private async Task<string> SendAsync(FootfallProcess server, Message message)
    {
        using var request = message.Batch ? Batch(message) : Visit(message);
        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, body);
        if (message.Batch) Assert.EndsWith("\"rejected\":[]}", body);
        // A repeated batch returns how many of its hits are new; a repeated visit returns the first response.
        return _answered.GetOrAdd($"{message.Country} {message.Key} {message.Batch}", body) is var first && message.Batch ? first : body;
    }

    private static Message Parse(string key) =>
        key.Split(' ') is [var country, var id, var batch] ? new(id, country, bool.Parse(batch)) : throw new FormatException(key);

    private static HttpRequestMessage Visit(Message message) =>
        new(HttpMethod.Post, $"/api/v1/stats?countryCode={message.Country}") { Headers = { { "Idempotency-Key", message.Key } } };

    private static HttpRequestMessage Batch(Message message) => new(HttpMethod.Post, "/api/v1/events")
    {
        Content = new StringContent(
            string.Join('\n', Enumerable.Range(0, BatchHits)
                .Select(i => $$"""{"name":"visit","country":"{{message.Country}}","id":"{{message.Key}}-{{i}}"}""")),
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson")),
    };
}
