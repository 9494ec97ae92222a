using System.Collections.Concurrent;
using System.Security.Cryptography;
using Footfall.Common;
using Footfall.Journal.Sqlite;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The salts of all nodes, in Redis: the first node that needs one creates it atomically, and Redis deletes it when it expires. A node
/// caches used salts for the same time.
/// </summary>
internal sealed class RedisSaltStore(RedisConnectionManager connections, TimeProvider time) : ISaltStore
{
    private const int SaltLength = 32;

    private static readonly TimeSpan PrepareAhead = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a request waits for a salt, blocking a thread. Not less, since on a busy node the reply itself waits for a thread; a later
    /// reply is kept for the next request.
    /// </summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly CircuitBreaker _circuitBreaker = new(connections, time);
    private readonly ConcurrentDictionary<(Site Site, int Day), (byte[] Salt, long Until)> _cache = new();

    public byte[] GetOrCreate(Site site, int day) =>
        _cache.TryGetValue((site, day), out var cached) && time.GetTimestamp() < cached.Until ? cached.Salt : ReadOrCreate(site, day);

    /// <summary>The salts of a site were destroyed in Redis: removes them from this node too.</summary>
    public void RemoveSite(string domain)
    {
        foreach (var cacheKey in _cache.Keys)
            if (cacheKey.Site.Domain == domain) _cache.TryRemove(cacheKey, out _);
    }

    /// <summary>Creates the salts of the next day a few minutes early, so that no request waits for Redis at midnight.</summary>
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
                // The request that needs it creates it, or is rejected.
                return;
            }
        }
    }

    /// <remarks>
    /// Few requests get here, and they block unless Redis recently failed to respond. They block on a task, so that the thread pool can add
    /// threads; the reply of Redis needs one too.
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
        // Both are sent at once, in this order: the first node creates it, and all read the same salt.
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

    /// <summary>Removes expired salts from memory.</summary>
    private void RemoveExpired()
    {
        foreach (var (cacheKey, cached) in _cache)
            if (time.GetTimestamp() >= cached.Until) _cache.TryRemove(cacheKey, out _);
    }
}
