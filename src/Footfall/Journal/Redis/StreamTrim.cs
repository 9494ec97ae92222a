using Footfall.Words;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Cuts from the streams what all histories have; at least the last hour stays, for the live picture of a node that starts. What a history has not read is cut only beyond the bounds of the settings,
/// and never in silence. One node does it at a time.
/// </summary>
internal sealed class StreamTrim(RedisLink link, StreamReaders readers, IOptions<FootfallOptions> options, RedisMetrics metrics, ILogger<StreamTrim> log, TimeProvider time)
{
    /// <summary>How long an entry stays in any case, in milliseconds.</summary>
    private const long KeptAfterReading = 60 * 60 * 1000;

    private const long Hour = 60 * 60 * 1000;

    /// <summary>Of both bounds: from then on a history that is behind is told of.</summary>
    private const double Warned = 0.8;

    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(5), Trimming = TimeSpan.FromMinutes(1);

    private static readonly RedisScript Next = new("next.lua");

    private readonly HashSet<string> _late = [], _large = [];
    private readonly RedisOptions _settings = options.Value.Redis;

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Telling, time);
        long? trimmed = null;
        do
        {
            try
            {
                await TellAsync();
                if (trimmed is { } last && time.GetElapsedTime(last) < Trimming) continue;
                trimmed = time.GetTimestamp();
                if (await link.Database.StringSetAsync(link.Keys.Trimmer, Environment.MachineName, Trimming / 2, When.NotExists)) await TrimAsync();
            }
            catch (Exception error) when (RedisTrouble.IsOfRedis(error))
            {
                log.NotTrimmed(RedisTrouble.Sentence(error));
            }
            catch (Exception error)
            {
                // A defect must not end the trimming for good: the streams would take all of Redis' memory.
                log.Defect(error);
            }
        }
        while (await TickAsync(timer, stop));
    }

    /// <summary>Registers the history of this node, or how far it has come.</summary>
    public Task TellAsync() => readers.TellAsync();

    /// <summary>Cuts what may go.</summary>
    public async Task TrimAsync()
    {
        var now = link.Clock.Now;
        var all = await readers.FindAsync(now);
        var behind = all.ToDictionary(static reader => reader.Node, static _ => 0L);
        var bytes = new long[link.Keys.Shards.Count];
        Exception? failed = null;
        foreach (var shard in link.Keys.Shards)
        {
            try
            {
                foreach (var reader in all) behind[reader.Node] = Math.Max(behind[reader.Node], now - await OldestUnreadAsync(shard, reader, now));
                // The first entry that stays: the oldest that some history has not read, or of the last hour.
                var keep = all.Select(reader => reader.Places[shard.Number]).Select(static place => place with { Number = place.Number + 1 }).Append(new StreamPlace(now - KeptAfterReading, 0)).Min(ByAge);
                await CutAsync(shard, keep);
                var bound = new StreamPlace(now - _settings.StreamHours * Hour, 0);
                await CutUnreadAsync(shard, first => first.Time < bound.Time, () => CutAsync(shard, bound), all, $"they are older than {_settings.StreamHours} hours.");
                bytes[shard.Number] = await MemoryAsync(shard);
            }
            catch (Exception error) when (RedisTrouble.IsOfRedis(error))
            {
                // The others are trimmed all the same.
                failed = error;
            }
        }
        foreach (var (node, milliseconds) in behind)
        {
            var hours = milliseconds / (double)Hour;
            if (hours < Warned * _settings.StreamHours) _late.Remove(node);
            else if (_late.Add(node)) log.ReaderFarBehind(node, hours, _settings.StreamHours, link.Keys.Readers.ToString());
        }
        await BoundMemoryAsync(bytes, all);
        if (failed is not null) throw failed;
    }

    private static readonly Comparer<StreamPlace> ByAge = Comparer<StreamPlace>.Create(static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Number.CompareTo(b.Number));

    private static async ValueTask<bool> TickAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>When the oldest entry was committed that a history has not read; now where there is none.</summary>
    private async Task<long> OldestUnreadAsync(RedisKeys.Shard shard, StreamReader reader, long now)
    {
        var place = reader.Places[shard.Number];
        return await LastAsync(shard) <= place.Number ? now : (await FirstAsync(shard, "(" + place.Id))?.Time ?? now;
    }

    private Task<long> CutAsync(RedisKeys.Shard shard, StreamPlace first) => link.Database.StreamTrimByMinIdAsync(shard.Stream, first.Id);

    /// <summary>Cuts, and says what a history lacks then. Entries are numbered without gaps: none is read for it.</summary>
    /// <param name="isNeeded">Whether to cut, by the first entry.</param>
    private async Task CutUnreadAsync(RedisKeys.Shard shard, Func<StreamPlace, bool> isNeeded, Func<Task> cut, List<StreamReader> all, string reason)
    {
        if (await FirstAsync(shard, "-") is not { } before || !isNeeded(before)) return;
        await cut();
        var stays = (await FirstAsync(shard, "-"))?.Number ?? await LastAsync(shard) + 1;
        foreach (var reader in all)
        {
            var unread = stays - Math.Max(before.Number, reader.Places[shard.Number].Number + 1);
            if (unread <= 0) continue;
            metrics.UnreadCut(unread);
            log.UnreadCut(unread, shard.Number, reader.Node, reason);
        }
    }

    /// <summary>Cuts a fifth of the largest stream until all of them fit.</summary>
    private async Task BoundMemoryAsync(long[] bytes, List<StreamReader> all)
    {
        var bound = (long)_settings.StreamMegabytes << 20;
        metrics.StreamBytes(bytes.Sum());
        await WarnAsync(bytes, all, bytes.Sum() >= Warned * bound);
        while (bytes.Sum() > bound)
        {
            var largest = Array.IndexOf(bytes, bytes.Max());
            var shard = link.Keys.Shards[largest];
            var length = await link.Database.StreamLengthAsync(shard.Stream);
            if (length == 0) return;
            await CutUnreadAsync(
                shard, static _ => true, () => link.Database.StreamTrimAsync(shard.Stream, length - Math.Max(1, length / 5), useApproximateMaxLength: false), all, $"the streams take more than {_settings.StreamMegabytes} MiB.");
            bytes[largest] = await MemoryAsync(shard);
        }
    }

    /// <summary>Tells of the histories that the next cut of the largest stream would take something from.</summary>
    private async Task WarnAsync(long[] bytes, List<StreamReader> all, bool isLarge)
    {
        var largest = link.Keys.Shards[Array.IndexOf(bytes, bytes.Max())];
        var first = isLarge ? await FirstAsync(largest, "-") : null;
        var cut = first is { } oldest ? oldest.Number + await link.Database.StreamLengthAsync(largest.Stream) / 5 : 0;
        foreach (var reader in all)
        {
            if (first is null || reader.Places[largest.Number].Number >= cut) _large.Remove(reader.Node);
            else if (_large.Add(reader.Node)) log.ReaderHoldsMemory(reader.Node, bytes.Sum() >> 20, _settings.StreamMegabytes, link.Keys.Readers.ToString());
        }
    }

    /// <summary>The first entry of a stream from a place on; only its place, since it may be of many megabytes.</summary>
    private async Task<StreamPlace?> FirstAsync(RedisKeys.Shard shard, RedisValue from) =>
        (string?)await Next.RunAsync(link.Database, [shard.Stream], [from]) is { } id ? StreamPlace.Of(id) : null;

    /// <summary>The number of the last entry.</summary>
    private async Task<long> LastAsync(RedisKeys.Shard shard) => (long?)await link.Database.HashGetAsync(shard.Meta, "number") ?? 0;

    private async Task<long> MemoryAsync(RedisKeys.Shard shard) => (long?)await link.Database.ExecuteAsync("MEMORY", ["USAGE", shard.Stream]) ?? 0;
}
