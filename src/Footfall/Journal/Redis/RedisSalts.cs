using System.Collections.Concurrent;
using System.Security.Cryptography;
using Footfall.Words;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The salts of all nodes, in Redis: whoever needs one first makes it, atomically, and Redis itself destroys it after its time. A node keeps those that it has used for as long.
/// </summary>
internal sealed class RedisSalts(RedisLink link, TimeProvider time) : ISalts
{
    private const int SaltLength = 32;

    private static readonly TimeSpan Early = TimeSpan.FromMinutes(10);

    /// <summary>How long a request waits for a salt: it holds a thread meanwhile. Not less, since on a busy node the answer itself waits for a thread; one that comes later is kept for the next request.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly RedisRest _rest = new(link, time);
    private readonly ConcurrentDictionary<(Site Site, int Day), (byte[] Salt, long Until)> _cache = new();

    public byte[] Of(Site site, int day) => _cache.TryGetValue((site, day), out var held) && time.GetTimestamp() < held.Until ? held.Salt : ReadOrMake(site, day);

    /// <summary>The salts of a site were destroyed in Redis: this node has none any more either.</summary>
    public void Forget(string domain)
    {
        foreach (var place in _cache.Keys)
            if (place.Site.Domain == domain) _cache.TryRemove(place, out _);
    }

    /// <summary>Makes the salts of the next day some minutes before it begins, so that no request waits for Redis at midnight.</summary>
    public async Task PrepareAsync()
    {
        Drop();
        var soon = (time.GetUtcNow() + Early).ToUnixTimeMilliseconds();
        foreach (var (site, _) in _cache.Keys)
        {
            var day = site.DayOf(soon);
            if (_cache.ContainsKey((site, day))) continue;
            try
            {
                await ReadOrMakeAsync(site, day);
            }
            catch (Exception error) when (RedisTrouble.IsOfRedis(error))
            {
                // The request that needs it makes it, or is refused.
                return;
            }
        }
    }

    /// <remarks>
    /// Few requests come here, and they wait, unless Redis did not answer a moment ago. They wait for a task, which the thread pool knows of and gives other threads for; the answer of Redis itself needs one.
    /// </remarks>
    private byte[] ReadOrMake(Site site, int day)
    {
        try
        {
            return _rest.AskAsync(link.Keys.Salt(site.Domain, day), Longest, () => ReadOrMakeAsync(site, day)).GetAwaiter().GetResult();
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            throw new SaltsUnavailableException($"The salt of a day could not be read or made ({RedisTrouble.Sentence(error)}).", error);
        }
    }

    private async Task<byte[]> ReadOrMakeAsync(Site site, int day)
    {
        var key = link.Keys.Salt(site.Domain, day);
        // Both go out at once, in this order: whoever is first makes it, and all read the same.
        var making = link.Database.StringSetAsync(key, RandomNumberGenerator.GetBytes(SaltLength), SaltStore.Lifetime, When.NotExists);
        var reading = link.Database.StringGetWithExpiryAsync(key);
        await making.ConfigureAwait(false);
        var stored = await reading.ConfigureAwait(false);
        if (stored.Value.IsNull || stored.Expiry is not { } left) throw new TimeoutException("The salt is gone again.");
        var salt = (byte[])stored.Value!;
        _cache[(site, day)] = (salt, time.GetTimestamp() + (long)(left.TotalSeconds * time.TimestampFrequency));
        return salt;
    }

    /// <summary>Takes those out of memory whose time is over.</summary>
    private void Drop()
    {
        foreach (var (place, held) in _cache)
            if (time.GetTimestamp() >= held.Until) _cache.TryRemove(place, out _);
    }
}
