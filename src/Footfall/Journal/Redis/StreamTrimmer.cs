using Footfall.Common;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Trims stream entries that all histories have; at least the last hour stays, for the live state of a starting node. Unread entries are
/// trimmed only beyond the limits of the settings, and never silently. One node does it at a time.
/// </summary>
internal sealed class StreamTrimmer(RedisConnectionManager connections, ConsumerRegistry registry, IOptions<FootfallOptions> options,
    RedisMetrics metrics, ILogger<StreamTrimmer> log, TimeProvider time)
{
    /// <summary>How long an entry stays in any case, in milliseconds.</summary>
    private const long MinRetention = 60 * 60 * 1000;

    private const long Hour = 60 * 60 * 1000;

    /// <summary>The fraction of both limits at which a lagging history is reported.</summary>
    private const double WarningRatio = 0.8;

    private static readonly TimeSpan RegisterInterval = TimeSpan.FromSeconds(5), TrimInterval = TimeSpan.FromMinutes(1);

    private static readonly RedisScript NextScript = new("next.lua");

    private readonly HashSet<string> _lateNodes = [], _memoryNodes = [];
    private readonly RedisOptions _settings = options.Value.Redis;

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RegisterInterval, time);
        long? trimmed = null;
        do
        {
            try
            {
                await RegisterAsync();
                if (trimmed is { } last && time.GetElapsedTime(last) < TrimInterval) continue;
                trimmed = time.GetTimestamp();
                if (await connections.Database.StringSetAsync(connections.Keys.TrimmerLock, Environment.MachineName, TrimInterval / 2,
                    When.NotExists)) await TrimAsync();
            }
            catch (Exception error) when (RedisFault.IsRedisError(error))
            {
                log.TrimFailed(RedisFault.Describe(error));
            }
            catch (Exception error)
            {
                // A bug must not stop trimming forever: the streams would fill Redis' memory.
                log.UnexpectedError(error);
            }
        }
        while (await TickAsync(timer, cancellationToken));
    }

    /// <summary>Registers the history of this node and its progress.</summary>
    public Task RegisterAsync() => registry.RegisterAsync();

    /// <summary>Trims what may be deleted.</summary>
    public async Task TrimAsync()
    {
        var now = connections.Clock.Now;
        var consumers = await registry.ListActiveAsync(now);
        var behind = consumers.ToDictionary(static consumer => consumer.Node, static _ => 0L);
        var bytes = new long[connections.Keys.Shards.Count];
        Exception? failed = null;
        foreach (var shard in connections.Keys.Shards)
        {
            try
            {
                foreach (var consumer in consumers)
                    behind[consumer.Node] = Math.Max(behind[consumer.Node], now - await OldestUnreadAsync(shard, consumer, now));
                // The first entry to keep: the oldest that some history has not read, or that of the last hour.
                var firstOffset = consumers.Select(consumer => consumer.Offsets[shard.Number]).Select(static offset =>
                    offset with { Sequence = offset.Sequence + 1 }).Append(new StreamOffset(now - MinRetention, 0)).Min(ByAge);
                await TrimBeforeAsync(shard, firstOffset);
                var limit = new StreamOffset(now - _settings.StreamHours * Hour, 0);
                await TrimUnreadAsync(shard, first => first.Time < limit.Time, () =>
                    TrimBeforeAsync(shard, limit), consumers, $"they are older than {_settings.StreamHours} hours.");
                bytes[shard.Number] = await GetMemoryUsageAsync(shard);
            }
            catch (Exception error) when (RedisFault.IsRedisError(error))
            {
                // The others are still trimmed.
                failed = error;
            }
        }
        foreach (var (node, milliseconds) in behind)
        {
            var hours = milliseconds / (double)Hour;
            if (hours < WarningRatio * _settings.StreamHours) _lateNodes.Remove(node);
            else if (_lateNodes.Add(node)) log.ConsumerFarBehind(node, hours, _settings.StreamHours, connections.Keys.Consumers.ToString());
        }
        await LimitMemoryAsync(bytes, consumers);
        if (failed is not null) throw failed;
    }

    private static readonly Comparer<StreamOffset> ByAge =
        Comparer<StreamOffset>.Create(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Sequence.CompareTo(b.Sequence));

    private static async ValueTask<bool> TickAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The commit time of the oldest entry that a history has not read; now if there is none.</summary>
    private async Task<long> OldestUnreadAsync(RedisKeys.Shard shard, StreamConsumer consumer, long now)
    {
        var offset = consumer.Offsets[shard.Number];
        return await LastSequenceAsync(shard) <= offset.Sequence ? now : (await FirstOffsetAsync(shard, "(" + offset.EntryId))?.Time ?? now;
    }

    private Task<long> TrimBeforeAsync(RedisKeys.Shard shard, StreamOffset first) =>
        connections.Database.StreamTrimByMinIdAsync(shard.Stream, first.EntryId);

    /// <summary>Trims, and reports what a history then lacks. Entries are numbered without gaps, so none has to be read.</summary>
    /// <param name="isNeeded">Whether to trim, given the first entry.</param>
    private async Task TrimUnreadAsync(RedisKeys.Shard shard, Func<StreamOffset, bool> isNeeded, Func<Task> trim,
        List<StreamConsumer> consumers, string reason)
    {
        if (await FirstOffsetAsync(shard, "-") is not { } before || !isNeeded(before)) return;
        await trim();
        var firstKept = (await FirstOffsetAsync(shard, "-"))?.Sequence ?? await LastSequenceAsync(shard) + 1;
        foreach (var consumer in consumers)
        {
            var unread = firstKept - Math.Max(before.Sequence, consumer.Offsets[shard.Number].Sequence + 1);
            if (unread <= 0) continue;
            metrics.RecordUnreadTrimmed(unread);
            log.UnreadTrimmed(unread, shard.Number, consumer.Node, reason);
        }
    }

    /// <summary>Trims a fifth of the largest stream until all of them fit.</summary>
    private async Task LimitMemoryAsync(long[] bytes, List<StreamConsumer> consumers)
    {
        var limit = (long)_settings.StreamMegabytes << 20;
        metrics.SetStreamBytes(bytes.Sum());
        await WarnAsync(bytes, consumers, bytes.Sum() >= WarningRatio * limit);
        while (bytes.Sum() > limit)
        {
            var largest = Array.IndexOf(bytes, bytes.Max());
            var shard = connections.Keys.Shards[largest];
            var length = await connections.Database.StreamLengthAsync(shard.Stream);
            if (length == 0) return;
            await TrimUnreadAsync(
                shard, static _ => true, () => connections.Database.StreamTrimAsync(shard.Stream, length - Math.Max(1, length / 5),
                    useApproximateMaxLength: false), consumers, $"the streams take more than {_settings.StreamMegabytes} MiB.");
            bytes[largest] = await GetMemoryUsageAsync(shard);
        }
    }

    /// <summary>Reports the histories that would lose entries when the largest stream is trimmed next.</summary>
    private async Task WarnAsync(long[] bytes, List<StreamConsumer> consumers, bool isLarge)
    {
        var largest = connections.Keys.Shards[Array.IndexOf(bytes, bytes.Max())];
        var first = isLarge ? await FirstOffsetAsync(largest, "-") : null;
        var trim = first is { } oldest ? oldest.Sequence + await connections.Database.StreamLengthAsync(largest.Stream) / 5 : 0;
        foreach (var consumer in consumers)
        {
            if (first is null || consumer.Offsets[largest.Number].Sequence >= trim) _memoryNodes.Remove(consumer.Node);
            else if (_memoryNodes.Add(consumer.Node))
                log.ConsumerHoldsMemory(consumer.Node, bytes.Sum() >> 20, _settings.StreamMegabytes, connections.Keys.Consumers.ToString());
        }
    }

    /// <summary>The first entry of a stream from an offset on; only its id, since it may have many megabytes.</summary>
    private async Task<StreamOffset?> FirstOffsetAsync(RedisKeys.Shard shard, RedisValue from) =>
        (string?)await NextScript.RunAsync(connections.Database, [shard.Stream], [from]) is { } id ? StreamOffset.Parse(id) : null;

    /// <summary>The number of the last entry.</summary>
    private async Task<long> LastSequenceAsync(RedisKeys.Shard shard) =>
        (long?)await connections.Database.HashGetAsync(shard.Meta, "number") ?? 0;

    private async Task<long> GetMemoryUsageAsync(RedisKeys.Shard shard) =>
        (long?)await connections.Database.ExecuteAsync("MEMORY", ["USAGE", shard.Stream]) ?? 0;
}
