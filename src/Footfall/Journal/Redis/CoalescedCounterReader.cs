using System.Collections.Concurrent;
using Footfall.Common;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Reads the counters of a site from Redis, so that the result has every hit that any node has confirmed. Concurrent requests share a read:
/// they queue while one is in progress, and the next read, which starts after all of them arrived, serves them all.
/// </summary>
internal sealed class CoalescedCounterReader(RedisConnectionManager connections, SiteRegistry sites)
{
    private readonly ConcurrentDictionary<Site, CoalescedRead> _reads = [];

    /// <exception cref="IOException">Redis does not respond.</exception>
    public async ValueTask<SiteCounters?> ReadAsync(Site site)
    {
        var read = _reads.GetOrAdd(site, static (site, connections) =>
            new CoalescedRead(connections, connections.Keys.GetShard(site).Visits(site.Domain)), connections);
        try
        {
            return await read.ReadAsync();
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            throw RedisFault.CreateReadException(error);
        }
    }

    /// <summary>Finds a site with visits that this node does not know yet.</summary>
    /// <exception cref="IOException">Redis does not respond.</exception>
    public async ValueTask<Site?> FindAsync(string domain)
    {
        try
        {
            var shard = connections.Keys.Shards[connections.Keys.ShardOf(domain)];
            return await connections.Auxiliary.KeyExistsAsync(shard.Visits(domain)) ? sites.GetOrAddStored(domain) : null;
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            throw RedisFault.CreateReadException(error);
        }
    }

    /// <summary>Whether a hash field is the counter of a country, as the scripts write it.</summary>
    public static bool IsCounter(RedisValue field, RedisValue value, out Country country, out long visits)
    {
        var isCountry = field.ToString() is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'];
        country = isCountry ? Country.FromStored(field.ToString()) : Country.Unknown;
        return value.TryParse(out visits) && isCountry && visits >= 0;
    }

    private sealed class CoalescedRead(RedisConnectionManager connections, RedisKey key)
    {
        private readonly Lock _lock = new();
        private readonly SiteCounters _counters = new();
        private readonly long[] _visits = new long[Country.Count];
        private TaskCompletionSource<SiteCounters?>? _next;
        private bool _running;

        public Task<SiteCounters?> ReadAsync()
        {
            lock (_lock)
            {
                _next ??= new TaskCompletionSource<SiteCounters?>(TaskCreationOptions.RunContinuationsAsynchronously);
                var result = _next.Task;
                if (_running) return result;
                _running = true;
                _ = RunAsync();
                return result;
            }
        }

        private async Task RunAsync()
        {
            while (true)
            {
                TaskCompletionSource<SiteCounters?> completion;
                lock (_lock)
                {
                    if (_next is null)
                    {
                        _running = false;
                        return;
                    }
                    (completion, _next) = (_next, null);
                }
                try
                {
                    completion.SetResult(ParseCounters(await connections.Auxiliary.HashGetAllAsync(key)));
                }
                catch (Exception error)
                {
                    completion.SetException(error);
                }
            }
        }

        private SiteCounters? ParseCounters(HashEntry[] fields)
        {
            Array.Clear(_visits);
            foreach (var field in fields)
            {
                // A sum with a missing part would be wrong but look right.
                if (!IsCounter(field.Name, field.Value, out var country, out var visits))
                    throw new IOException($"{key} has the field {field.Name}, which is not a visit counter.");
                _visits[country.Index] = visits;
            }
            _counters.Replace(_visits);
            return fields.Length == 0 ? null : _counters;
        }
    }
}
