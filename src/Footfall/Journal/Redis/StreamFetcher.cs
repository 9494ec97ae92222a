using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>The reply of a shard's stream.</summary>
/// <param name="Entries">The entries after the requested offset; none if it failed.</param>
/// <param name="HasMore">Whether there may be more.</param>
internal readonly record struct FetchedEntries(RedisKeys.Shard Shard, StreamEntry[] Entries, bool HasMore, Exception? Error);

/// <summary>
/// Reads the streams for one reader, in portions of a few megabytes. An entry is a batch, of a few bytes or many megabytes, and Redis keeps
/// a reply in memory until it is sent: so it requests few entries at first, more while they are small, and nothing of a shard while a reply
/// is pending. No shard waits for another.
/// </summary>
internal sealed class StreamFetcher(RedisConnectionManager connections, TimeProvider time)
{
    /// <summary>About the most bytes requested at once.</summary>
    private const long TargetBytes = 4 << 20;

    /// <summary>The most entries of a shard that are read at once: of up to 5,000 hits each, where they are small.</summary>
    private const int MaxShardEntries = 16;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<RedisKeys.Shard> _shards = connections.Keys.Shards;
    private readonly PendingFetch?[] _pending = new PendingFetch?[connections.Keys.Shards.Count];
    private readonly long[] _failedAt = new long[connections.Keys.Shards.Count];
    private int _entryLimit = connections.Keys.Shards.Count, _nextShard;

    private sealed record PendingFetch(StreamOffset After, int Count, Task<RedisStream[]> Reply, long SentAt);

    /// <summary>How long a reply of a shard has been pending.</summary>
    public TimeSpan GetPendingTime(int shard) => _pending[shard] is { } pending ? time.GetElapsedTime(pending.SentAt) : TimeSpan.Zero;

    /// <summary>
    /// Requests from all shards without a pending reply, and returns the replies so far. Later ones are returned by the next call.
    /// </summary>
    /// <param name="after">The last entry known of each shard.</param>
    /// <param name="wanted">Whether to read a shard now.</param>
    /// <param name="timeout">How long to wait for replies.</param>
    /// <returns>The shards that have replied or failed.</returns>
    public async Task<List<FetchedEntries>> FetchAsync(Func<int, StreamOffset> after, Func<int, bool> wanted, TimeSpan timeout)
    {
        var all = SendRequests(after, wanted);
        var tasks = _pending.OfType<PendingFetch>().Select(static pending => (Task)pending.Reply).Distinct().ToList();
        if (tasks.Count > 0) await Task.WhenAny(Task.WhenAll(tasks), Task.Delay(timeout, time));
        var (results, bytes, full, late) = (new List<FetchedEntries>(), 0L, false, false);
        foreach (var shard in _shards)
        {
            if (_pending[shard.Number] is not { Reply.IsCompleted: true } pending) continue;
            _pending[shard.Number] = null;
            if (pending.Reply.Exception?.InnerException is { } error)
            {
                _failedAt[shard.Number] = time.GetTimestamp();
                late |= error is TimeoutException;
                results.Add(new FetchedEntries(shard, [], false, error));
                continue;
            }
            var entries = (await pending.Reply).FirstOrDefault(stream => stream.Key == shard.Stream).Entries ?? [];
            bytes += entries.Sum(static entry => entry["hits"].Length() + entry["decisions"].Length());
            // The reader has restarted from another offset meanwhile.
            if (pending.After != after(shard.Number)) continue;
            full |= entries.Length == pending.Count;
            results.Add(new FetchedEntries(shard, entries, entries.Length == pending.Count || !all, null));
        }
        if (results.Count > 0) AdaptEntryLimit(bytes, full, late);
        return results;
    }

    /// <summary>Adjusts the number of entries for the next request.</summary>
    private void AdaptEntryLimit(long bytes, bool full, bool late)
    {
        if (late) _entryLimit = Math.Max(1, _entryLimit / 2);
        else if (bytes > TargetBytes) _entryLimit = (int)Math.Max(1, Math.Min(_entryLimit / 2, _entryLimit * TargetBytes / bytes));
        else if (bytes > TargetBytes / 2) return;
        // If the reader has caught up, the next entries may be large.
        else if (_entryLimit >= _shards.Count)
            _entryLimit = full ? Math.Min(_entryLimit * 2, _shards.Count * MaxShardEntries) : _shards.Count;
        else _entryLimit = Math.Min(_entryLimit * 2, _shards.Count);
    }

    /// <returns>Whether each shard was requested.</returns>
    private bool SendRequests(Func<int, StreamOffset> after, Func<int, bool> wanted)
    {
        var (now, all) = (time.GetTimestamp(), true);
        var requested = new List<RedisKeys.Shard>();
        // In turn, so that each has the same priority.
        for (var (i, first) = (0, _nextShard); i < _shards.Count; i++)
        {
            var shard = _shards[(first + i) % _shards.Count];
            if (_pending[shard.Number] is not null || !wanted(shard.Number)
                || _failedAt[shard.Number] != 0 && time.GetElapsedTime(_failedAt[shard.Number], now) < RetryDelay) continue;
            if (requested.Count == _entryLimit)
            {
                (all, _nextShard) = (false, shard.Number);
                break;
            }
            requested.Add(shard);
        }
        var count = Math.Max(1, _entryLimit / _shards.Count);
        // One command if they are on the same server.
        foreach (var group in connections.IsCluster ? requested.Select(static shard => (RedisKeys.Shard[])[shard]) : requested.Count > 0
            ? [requested.ToArray()] : [])
        {
            var reply = SendRequestAsync([.. group.Select(shard => new StreamPosition(shard.Stream, after(shard.Number).EntryId))], count);
            foreach (var shard in group) _pending[shard.Number] = new PendingFetch(after(shard.Number), count, reply, now);
        }
        return all;
    }

    private async Task<RedisStream[]> SendRequestAsync(StreamPosition[] positions, int count)
    {
        try
        {
            return await connections.Streams.StreamReadAsync(positions, count);
        }
        catch (TimeoutException)
        {
            await WaitForReplyAsync(positions[0].Key);
            throw;
        }
    }

    /// <summary>Waits for a late reply: the reply of a small command follows it, or the connection closes.</summary>
    private async Task WaitForReplyAsync(RedisKey key)
    {
        while (true)
        {
            try
            {
                await connections.Streams.KeyExistsAsync(key);
                return;
            }
            catch (TimeoutException)
            {
                // Still under way.
                continue;
            }
            catch (Exception error) when (RedisFault.IsRedisError(error))
            {
                return;
            }
        }
    }
}
