using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>What a shard's stream has answered.</summary>
/// <param name="Entries">Those behind the place that was asked for; none where it failed.</param>
/// <param name="Full">Whether there may be more.</param>
internal readonly record struct StreamPortion(RedisKeys.Shard Shard, StreamEntry[] Entries, bool Full, Exception? Error);

/// <summary>
/// Reads the streams for one reader, in portions of a few megabytes. An entry is a batch, of a few bytes or of many megabytes, and Redis keeps an answer in its memory until the network has taken it: so
/// few entries are asked for at first, more while they are small, and nothing of a shard while an answer of it is under way. No shard waits for another.
/// </summary>
internal sealed class StreamReads(RedisLink link, TimeProvider time)
{
    /// <summary>About the most bytes that are asked for at once.</summary>
    private const long Portion = 4 << 20;

    /// <summary>The most entries of a shard that are read at once: of up to 5,000 hits each, where they are small.</summary>
    private const int MostOfShard = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<RedisKeys.Shard> _shards = link.Keys.Shards;
    private readonly Asked?[] _asked = new Asked?[link.Keys.Shards.Count];
    private readonly long[] _rests = new long[link.Keys.Shards.Count];
    private int _entries = link.Keys.Shards.Count, _next;

    private sealed record Asked(StreamPlace After, int Count, Task<RedisStream[]> Answer, long Since);

    /// <summary>How long an answer of a shard is under way.</summary>
    public TimeSpan Waits(int shard) => _asked[shard] is { } asked ? time.GetElapsedTime(asked.Since) : TimeSpan.Zero;

    /// <summary>Asks all shards of which no answer is under way, and takes what has come. What comes later is taken the next time.</summary>
    /// <param name="after">The last entry known of each shard.</param>
    /// <param name="wanted">Whether a shard is to be read now.</param>
    /// <param name="patience">How long to wait for answers.</param>
    /// <returns>Those that have answered, or failed.</returns>
    public async Task<List<StreamPortion>> ReadAsync(Func<int, StreamPlace> after, Func<int, bool> wanted, TimeSpan patience)
    {
        var all = Ask(after, wanted);
        var under = _asked.OfType<Asked>().Select(static asked => (Task)asked.Answer).Distinct().ToList();
        if (under.Count > 0) await Task.WhenAny(Task.WhenAll(under), Task.Delay(patience, time));
        var (portions, bytes, full, late) = (new List<StreamPortion>(), 0L, false, false);
        foreach (var shard in _shards)
        {
            if (_asked[shard.Number] is not { Answer.IsCompleted: true } asked) continue;
            _asked[shard.Number] = null;
            if (asked.Answer.Exception?.InnerException is { } error)
            {
                _rests[shard.Number] = time.GetTimestamp();
                late |= error is TimeoutException;
                portions.Add(new StreamPortion(shard, [], false, error));
                continue;
            }
            var entries = (await asked.Answer).FirstOrDefault(stream => stream.Key == shard.Stream).Entries ?? [];
            bytes += entries.Sum(static entry => entry["hits"].Length() + entry["decisions"].Length());
            // The reader has begun anew elsewhere meanwhile.
            if (asked.After != after(shard.Number)) continue;
            full |= entries.Length == asked.Count;
            portions.Add(new StreamPortion(shard, entries, entries.Length == asked.Count || !all, null));
        }
        if (portions.Count > 0) Adapt(bytes, full, late);
        return portions;
    }

    /// <summary>More or fewer entries the next time.</summary>
    private void Adapt(long bytes, bool full, bool late)
    {
        if (late) _entries = Math.Max(1, _entries / 2);
        else if (bytes > Portion) _entries = (int)Math.Max(1, Math.Min(_entries / 2, _entries * Portion / bytes));
        else if (bytes > Portion / 2) return;
        // Who is not behind does not know what comes next: it may be large.
        else if (_entries >= _shards.Count) _entries = full ? Math.Min(_entries * 2, _shards.Count * MostOfShard) : _shards.Count;
        else _entries = Math.Min(_entries * 2, _shards.Count);
    }

    /// <returns>Whether each shard is asked.</returns>
    private bool Ask(Func<int, StreamPlace> after, Func<int, bool> wanted)
    {
        var (now, all) = (time.GetTimestamp(), true);
        var asking = new List<RedisKeys.Shard>();
        // In turn, each as soon as the one before.
        for (var (i, first) = (0, _next); i < _shards.Count; i++)
        {
            var shard = _shards[(first + i) % _shards.Count];
            if (_asked[shard.Number] is not null || !wanted(shard.Number) || _rests[shard.Number] != 0 && time.GetElapsedTime(_rests[shard.Number], now) < Pause) continue;
            if (asking.Count == _entries)
            {
                (all, _next) = (false, shard.Number);
                break;
            }
            asking.Add(shard);
        }
        var count = Math.Max(1, _entries / _shards.Count);
        // One command where they are on the same server.
        foreach (var together in link.IsCluster ? asking.Select(static shard => (RedisKeys.Shard[])[shard]) : asking.Count > 0 ? [asking.ToArray()] : [])
        {
            var answer = AnswerAsync([.. together.Select(shard => new StreamPosition(shard.Stream, after(shard.Number).Id))], count);
            foreach (var shard in together) _asked[shard.Number] = new Asked(after(shard.Number), count, answer, now);
        }
        return all;
    }

    private async Task<RedisStream[]> AnswerAsync(StreamPosition[] positions, int count)
    {
        try
        {
            return await link.Streams.StreamReadAsync(positions, count);
        }
        catch (TimeoutException)
        {
            await ArrivesAsync(positions[0].Key);
            throw;
        }
    }

    /// <summary>Waits for an answer that is late: that of a small command comes behind it, or the connection ends.</summary>
    private async Task ArrivesAsync(RedisKey key)
    {
        while (true)
        {
            try
            {
                await link.Streams.KeyExistsAsync(key);
                return;
            }
            catch (TimeoutException)
            {
                // Still under way.
                continue;
            }
            catch (Exception error) when (RedisTrouble.IsOfRedis(error))
            {
                return;
            }
        }
    }
}
