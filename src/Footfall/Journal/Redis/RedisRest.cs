using System.Collections.Concurrent;
using System.Net;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The servers that did not answer a moment ago. Whoever can do without, or must not wait, leaves them alone; one request a second asks again. The other primaries of a Cluster are not taken along.
/// </summary>
internal sealed class RedisRest(RedisLink link, TimeProvider time)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    /// <summary>Stands for the server of a slot that has none.</summary>
    private static readonly EndPoint Nobody = new IPEndPoint(IPAddress.None, 0);

    private readonly ConcurrentDictionary<EndPoint, long> _failed = [];

    /// <summary>Whether any server rests.</summary>
    public bool Any => !_failed.IsEmpty;

    /// <summary>Asks the server of a key, for a short time only.</summary>
    /// <param name="limit">After this it rests.</param>
    /// <exception cref="TimeoutException">It did not answer, or rests.</exception>
    public async Task<T> AskAsync<T>(RedisKey key, TimeSpan limit, Func<Task<T>> ask)
    {
        if (Any && Rests(key)) throw new TimeoutException("It did not answer a moment ago.");
        try
        {
            var answer = await ask().WaitAsync(limit, time).ConfigureAwait(false);
            if (Any) _failed.TryRemove(ServerOf(key), out _);
            return answer;
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            _failed[ServerOf(key)] = time.GetTimestamp();
            throw;
        }
    }

    private bool Rests(RedisKey key)
    {
        var server = ServerOf(key);
        if (!_failed.TryGetValue(server, out var since)) return false;
        // Who comes first after a while asks, for all.
        return time.GetElapsedTime(since) < Length || !_failed.TryUpdate(server, time.GetTimestamp(), since);
    }

    private EndPoint ServerOf(RedisKey key) => link.ServerOf(key) ?? Nobody;
}
