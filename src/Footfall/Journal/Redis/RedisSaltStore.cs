using System.Collections.Concurrent;
using System.Security.Cryptography;
using Footfall.Common;
using Footfall.Journal.Sqlite;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The salts of all nodes, in Redis: the first node that needs one creates it atomically, and Redis deletes it when it expires. A node
/// caches those it has used for as long.
/// </summary>
internal sealed class RedisSaltStore(RedisConnectionManager connections, TimeProvider time) : ISaltStore
{
    private const int SaltLength = 32;

    private static readonly TimeSpan PrepareAhead = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a request waits for a salt: it holds a thread meanwhile. Not less, since on a busy node the answer itself waits for a
    /// thread; one that comes later is kept for the next request.
    /// </summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly CircuitBreaker _circuitBreaker = new(connections, time);
    private readonly ConcurrentDictionary<(Site Site, int Day), (byte[] Salt, long Until)> _cache = new();

    public byte[] GetOrCreate(Site site, int day) =>
        _cache.TryGetValue((site, day), out var cached) && time.GetTimestamp() < cached.Until ? cached.Salt : ReadOrCreate(site, day);

    /// <summary>The salts of a site were destroyed in Redis: this node has none any more either.</summary>
    public void RemoveSite(string domain)
    {
        foreach (var cacheKey in _cache.Keys)
            if (cacheKey.Site.Domain == domain) _cache.TryRemove(cacheKey, out _);
    }

    /// <summary>Makes the salts of the next day some minutes before it begins, so that no request waits for Redis at midnight.</summary>
    public async Task PrepareAsync()
    {
        RemoveExpired();
        var soon = (time.GetUtcNow() + PrepareAhead).ToUnixTimeMilliseconds();
        foreach (var (site, _) in _cache.Keys)
        {
            var day = site.DayOf(soon);
            if (_cache.ContainsKey((site, day))) continue;
            try
            {
                await ReadOrCreateAsync(site, day);
            }
            catch (Exception error) when (RedisFault.IsRedisError(error))
            {
                // The request that needs it makes it, or is refused.
                return;
            }
        }
    }

    /// <remarks>
    /// Few requests come here, and they wait, unless Redis did not answer a moment ago. They wait for a task, which the thread pool knows
    /// of and gives other threads for; the answer of Redis itself needs one.
    /// </remarks>
    private byte[] ReadOrCreate(Site site, int day)
    {
        try
        {
            return _circuitBreaker.ExecuteAsync(connections.Keys.Salt(site.Domain, day), Timeout, () => ReadOrCreateAsync(site, day))
                .GetAwaiter().GetResult();
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            throw new SaltsUnavailableException($"The salt of a day could not be read or created ({RedisFault.Describe(error)}).", error);
        }
    }

    private async Task<byte[]> ReadOrCreateAsync(Site site, int day)
    {
        var key = connections.Keys.Salt(site.Domain, day);
        // Both go out at once, in this order: the first node creates it, and all read the same.
        var creating = connections.Database.StringSetAsync(key, RandomNumberGenerator.GetBytes(SaltLength), SqliteSaltStore.Lifetime,
            When.NotExists);
        var reading = connections.Database.StringGetWithExpiryAsync(key);
        await creating.ConfigureAwait(false);
        var stored = await reading.ConfigureAwait(false);
        if (stored.Value.IsNull || stored.Expiry is not { } timeLeft) throw new TimeoutException("The salt is gone again.");
        var salt = (byte[])stored.Value!;
        _cache[(site, day)] = (salt, time.GetTimestamp() + (long)(timeLeft.TotalSeconds * time.TimestampFrequency));
        return salt;
    }

    /// <summary>Takes those out of memory whose time is over.</summary>
    private void RemoveExpired()
    {
        foreach (var (cacheKey, cached) in _cache)
            if (time.GetTimestamp() >= cached.Until) _cache.TryRemove(cacheKey, out _);
    }
}
