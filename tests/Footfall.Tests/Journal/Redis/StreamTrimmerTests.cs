using Footfall.Journal.Redis;
using Footfall.Tests.History;
using Footfall.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Footfall.Tests.Journal.Redis;

/// <summary>The warnings before streams are trimmed that a history has not read, and the readers of the streams.</summary>
public sealed class StreamTrimmerTests(RedisServer server) : IClassFixture<RedisServer>
{
    private const int FarBehind = 131, HoldsMemory = 143, Unreadable = 144, Renamed = 145;

    private readonly string _prefix = $"test-{Guid.NewGuid():N}"[..20];
    private readonly MemoryLoggerProvider _log = new();

    private RedisKeys Keys => field ??= new RedisKeys(_prefix, 16);

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_history_that_has_not_read_old_entries_is_reported_and_a_silent_one_is_not()
    {
        var old = Now - 60 * 60 * 60 * 1000L;
        await server.Client.StreamAddAsync(Keys.Shards[0].Stream,
            [new("hits", new byte[] { 0x92, 1, 0x90 }), new("decisions", ""), new("count", 0)], $"{old}-1");
        await server.Client.HashSetAsync(Keys.Shards[0].Meta, [new("number", 1), new("time", old)]);
        await RegisterAsync("stuck-node", Now, "0-0");
        await RegisterAsync("silent-node", old, $"{old}-1");
        await using var app = Start();
        var trim = app.Services.GetRequiredService<StreamTrimmer>();
        await trim.TrimAsync();
        await trim.TrimAsync();
        Assert.Contains("stuck-node", Assert.Single(GetLogLines(FarBehind)), StringComparison.Ordinal);
        Assert.Equal(1, await server.Client.StreamLengthAsync(Keys.Shards[0].Stream));
    }

    [Fact]
    public async Task A_history_is_reported_before_the_streams_take_too_much_memory()
    {
        await using var app = Start(("Redis:StreamMegabytes", "1"));
        await RegisterAsync("stuck-node", Now, "0-0");
        var trim = app.Services.GetRequiredService<StreamTrimmer>();
        await trim.TrimAsync();
        Assert.Empty(GetLogLines(HoldsMemory));
        while (GetLogLines(HoldsMemory).Count == 0)
        {
            Assert.Equal(0, await app.Http.MetricAsync("footfall_stream_unread_cut_total"));
            await app.Http.LongVisitsAsync(100);
            await trim.TrimAsync();
        }
        Assert.Contains("stuck-node", Assert.Single(GetLogLines(HoldsMemory)), StringComparison.Ordinal);
        Assert.Equal(0, await app.Http.MetricAsync("footfall_stream_unread_cut_total"));
    }

    /// <summary>More of them than can be read at once.</summary>
    [Fact]
    public async Task All_that_is_cut_unread_is_counted()
    {
        var (shard, old) = (Keys.Shards[0], Now - 80 * 60 * 60 * 1000L);
        for (var number = 1; number <= 1_500; number++)
            await server.Client.StreamAddAsync(shard.Stream, [new("hits", new byte[] { 0x92, 1, 0x90 }), new("decisions", ""),
                new("count", 0)], $"{old}-{number}", flags: StackExchange.Redis.CommandFlags.FireAndForget);
        await server.Client.HashSetAsync(shard.Meta, [new("number", 1_500), new("time", old)]);
        await RegisterAsync("stuck-node", Now, "0-0");
        await using var app = Start();
        await app.Services.GetRequiredService<StreamTrimmer>().TrimAsync();
        Assert.Equal(1_500, await app.Http.MetricAsync("footfall_stream_unread_cut_total"));
    }

    [Fact]
    public async Task An_unreadable_field_is_reported_once_and_the_streams_are_trimmed()
    {
        await server.Client.HashSetAsync(Keys.Consumers, "odd-node", "nonsense");
        var old = Now - 2 * 60 * 60 * 1000L;
        await server.Client.StreamAddAsync(Keys.Shards[0].Stream,
            [new("hits", new byte[] { 0x92, 1, 0x90 }), new("decisions", ""), new("count", 0)], $"{old}-1");
        await server.Client.HashSetAsync(Keys.Shards[0].Meta, [new("number", 1), new("time", old)]);
        await using var app = Start();
        var trim = app.Services.GetRequiredService<StreamTrimmer>();
        await trim.TrimAsync();
        await trim.TrimAsync();
        Assert.Single(GetLogLines(Unreadable));
        Assert.Equal(0, await server.Client.StreamLengthAsync(Keys.Shards[0].Stream));
    }

    [Fact]
    public async Task A_copied_data_directory_gets_a_name_of_its_own()
    {
        using var one = new TemporaryDirectory();
        using var two = new TemporaryDirectory();
        await using (var app = Start(one)) await app.VisitAsync("us");
        foreach (var file in Directory.GetFiles(one, "positions.db*")) File.Copy(file, Path.Combine(two, Path.GetFileName(file)));
        await using var a = Start(one);
        await using var b = Start(two);
        await Eventually.BecomesAsync(async () =>
            await server.Client.HashLengthAsync(Keys.Consumers) == 2, "both histories are registered");
        Assert.Single(GetLogLines(Renamed));
    }

    private async Task RegisterAsync(string node, long lastSeen, string offset) =>
        await server.Client.HashSetAsync(Keys.Consumers, node, $"{lastSeen} {string.Join(' ', Keys.Shards.Select(_ => offset))}");

    private List<string> GetLogLines(int id) => [.. _log.Lines.Where(line =>
        line.Event == id && line.Category.Contains("Redis", StringComparison.Ordinal)).Select(line => line.Text)];

    private FootfallApp Start(params (string, string)[] settings)
    {
        // The tests trim: the node itself leaves it to the owner of this key.
        server.Client.StringSet(Keys.TrimmerLock, "the test", TimeSpan.FromMinutes(10));
        return FootfallApp.Start(services => services.AddSingleton<ILoggerProvider>(_log),
            [("Journal", "Redis"), ("Redis:Connection", server.Connection), ("Redis:Prefix", _prefix), .. settings]);
    }

    private FootfallApp Start(string data) => Start(("DataDirectory", data), ("History:Enabled", "true"));
}
