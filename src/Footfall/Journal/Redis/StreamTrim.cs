using System.Globalization;
using Footfall.Words;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Tells the other nodes how far the history of this one has read, and cuts from the streams what all of them have; at least the last hour stays, for the live picture of a node that starts. What a
/// history has not read is cut only beyond the bounds of the settings, and never in silence. One node does it at a time.
/// </summary>
internal sealed class StreamTrim(RedisLink link, RedisHitSource source, IOptions<FootfallOptions> options, RedisMetrics metrics, ILogger<StreamTrim> log, TimeProvider time)
{
    /// <summary>How long an entry stays in any case, in milliseconds.</summary>
    private const long KeptAfterReading = 60 * 60 * 1000;

    private const long Hour = 60 * 60 * 1000;

    /// <summary>Of the bound of age: from then on a history that is behind is told of.</summary>
    private const double Warned = 0.8;

    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(5), Trimming = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _warned = [];
    private readonly RedisOptions _settings = options.Value.Redis;

    private sealed record Reader(string Node, long Heard, StreamPlace[] Places);

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
        }
        while (await TickAsync(timer, stop));
    }

    /// <summary>Registers the history of this node, or how far it has come.</summary>
    public async Task TellAsync()
    {
        if (source.Reader is not { } reader) return;
        var text = string.Join(' ', reader.Places.Select(static place => (string)place.Id!).Prepend(link.Clock.Now.ToString(CultureInfo.InvariantCulture)));
        await link.Database.HashSetAsync(link.Keys.Readers, reader.Node, text);
    }

    /// <summary>Cuts what may go.</summary>
    public async Task TrimAsync()
    {
        var now = link.Clock.Now;
        var readers = await ReadersAsync(now);
        foreach (var shard in link.Keys.Shards)
        {
            // The first entry that stays: the oldest that some history has not read, or of the last hour.
            var keep = readers.Select(reader => reader.Places[shard.Number]).Select(static place => place with { Number = place.Number + 1 }).Append(new StreamPlace(now - KeptAfterReading, 0)).Min(ByAge);
            await CutAsync(shard, keep);
            await CutUnreadAsync(shard, new StreamPlace(now - _settings.StreamHours * Hour, 0), readers, $"they are older than {_settings.StreamHours} hours.");
        }
        await BoundMemoryAsync(readers);
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

    private async Task<List<Reader>> ReadersAsync(long now)
    {
        var readers = new List<Reader>();
        foreach (var field in await link.Database.HashGetAllAsync(link.Keys.Readers))
        {
            var parts = field.Value.ToString().Split(' ');
            var reader = new Reader(field.Name.ToString(), long.Parse(parts[0], CultureInfo.InvariantCulture), [.. parts[1..].Select(static id => StreamPlace.Of(id))]);
            if (reader.Places.Length != link.Keys.Shards.Count) continue;
            if (reader.Heard < now - _settings.StreamHours * Hour)
            {
                log.ReaderForgotten(reader.Node, _settings.StreamHours);
                await link.Database.HashDeleteAsync(link.Keys.Readers, reader.Node);
                continue;
            }
            Warn(reader, now);
            readers.Add(reader);
        }
        return readers;
    }

    private void Warn(Reader reader, long now)
    {
        var hours = (now - reader.Heard) / (double)Hour;
        if (hours < Warned * _settings.StreamHours) _warned.Remove(reader.Node);
        else if (_warned.Add(reader.Node)) log.ReaderFarBehind(reader.Node, hours, _settings.StreamHours, link.Keys.Readers.ToString());
    }

    private Task<long> CutAsync(RedisKeys.Shard shard, StreamPlace first) => link.Database.StreamTrimByMinIdAsync(shard.Stream, first.Id);

    private async Task CutUnreadAsync(RedisKeys.Shard shard, StreamPlace first, List<Reader> readers, string reason)
    {
        var entries = await link.Database.StreamRangeAsync(shard.Stream, first.Id, "+", 1);
        if (entries is [var stays]) first = StreamPlace.Of(stays.Id);
        else if (await link.Database.StreamLengthAsync(shard.Stream) == 0) return;
        else first = first with { Number = long.MaxValue };
        foreach (var reader in readers)
        {
            var place = reader.Places[shard.Number];
            var unread = await link.Database.StreamRangeAsync(shard.Stream, "(" + place.Id, "(" + first.Id, 1_000);
            if (unread.Length == 0) continue;
            metrics.UnreadCut(unread.Length);
            log.UnreadCut(unread.Length, shard.Number, reader.Node, reason);
        }
        await CutAsync(shard, first);
    }

    /// <summary>Cuts a fifth of the largest stream until all of them fit.</summary>
    private async Task BoundMemoryAsync(List<Reader> readers)
    {
        var bytes = await Task.WhenAll(link.Keys.Shards.Select(MemoryAsync));
        metrics.StreamBytes(bytes.Sum());
        while (bytes.Sum() > (long)_settings.StreamMegabytes << 20)
        {
            var largest = Array.IndexOf(bytes, bytes.Max());
            var shard = link.Keys.Shards[largest];
            var length = await link.Database.StreamLengthAsync(shard.Stream);
            if (length == 0) return;
            var cut = await link.Database.StreamRangeAsync(shard.Stream, "-", "+", 1);
            if (cut.Length == 0) return;
            var oldest = StreamPlace.Of(cut[0].Id);
            var first = await FirstAfterAsync(shard, oldest.Number + Math.Max(1, length / 5));
            await CutUnreadAsync(shard, first, readers, $"the streams take more than {_settings.StreamMegabytes} MiB.");
            bytes[largest] = await MemoryAsync(shard);
        }
    }

    /// <summary>The first entry with at least a number: times and numbers grow together, so that it is found by halving.</summary>
    private async Task<StreamPlace> FirstAfterAsync(RedisKeys.Shard shard, long number)
    {
        var (low, high) = (0L, link.Clock.Now + Hour);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var entries = await link.Database.StreamRangeAsync(shard.Stream, middle, "+", 1);
            if (entries is [var entry] && StreamPlace.Of(entry.Id).Number < number) low = middle + 1;
            else high = middle;
        }
        return new StreamPlace(low, 0);
    }

    private async Task<long> MemoryAsync(RedisKeys.Shard shard) => (long?)await link.Database.ExecuteAsync("MEMORY", ["USAGE", shard.Stream]) ?? 0;
}
