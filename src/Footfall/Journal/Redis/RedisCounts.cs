using System.Collections.Concurrent;
using Footfall.Words;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Reads the counters of a site from Redis, so that the answer has every hit that any node has answered. Requests that wait at the same moment share one read: while one
/// is under way they gather, and the next, which begins after all of them came, is for all.
/// </summary>
internal sealed class RedisCounts(RedisLink link, Sites sites)
{
    private readonly ConcurrentDictionary<Site, Reading> _readings = [];

    /// <exception cref="IOException">Redis does not answer.</exception>
    public async ValueTask<SiteCounters?> ReadAsync(Site site)
    {
        var reading = _readings.GetOrAdd(site, static (site, link) => new Reading(link, link.Keys.Of(site).Visits(site.Domain)), link);
        try
        {
            return await reading.ReadAsync();
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            throw RedisTrouble.NotRead(error);
        }
    }

    /// <summary>Finds a site with visits that this node does not know.</summary>
    /// <exception cref="IOException">Redis does not answer.</exception>
    public async ValueTask<Site?> FindAsync(string domain)
    {
        try
        {
            var shard = link.Keys.Shards[link.Keys.ShardOf(domain)];
            return await link.Beside.KeyExistsAsync(shard.Visits(domain)) ? sites.Restore(domain) : null;
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            throw RedisTrouble.NotRead(error);
        }
    }

    /// <summary>Whether a field of a hash is the counter of a country, as the scripts write it.</summary>
    public static bool IsCounter(RedisValue field, RedisValue value, out Country country, out long visits)
    {
        var named = field.ToString() is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'];
        country = named ? Country.Stored(field.ToString()) : Country.Unknown;
        return value.TryParse(out visits) && named && visits >= 0;
    }

    private sealed class Reading(RedisLink link, RedisKey key)
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
                var joined = _next.Task;
                if (_running) return joined;
                _running = true;
                _ = RunAsync();
                return joined;
            }
        }

        private async Task RunAsync()
        {
            while (true)
            {
                TaskCompletionSource<SiteCounters?> reading;
                lock (_lock)
                {
                    if (_next is null)
                    {
                        _running = false;
                        return;
                    }
                    (reading, _next) = (_next, null);
                }
                try
                {
                    reading.SetResult(Take(await link.Beside.HashGetAllAsync(key)));
                }
                catch (Exception error)
                {
                    reading.SetException(error);
                }
            }
        }

        private SiteCounters? Take(HashEntry[] fields)
        {
            Array.Clear(_visits);
            foreach (var field in fields)
            {
                // A sum without one of its parts would be wrong, and look right.
                if (!IsCounter(field.Name, field.Value, out var country, out var visits))
                    throw new IOException($"{key} has the field {field.Name}, which is no counter of visits.");
                _visits[country.Index] = visits;
            }
            _counters.Replace(_visits);
            return fields.Length == 0 ? null : _counters;
        }
    }
}
