using System.Collections.Concurrent;
using System.Net;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The servers that recently did not respond. Callers that must not wait skip them; one request per second tries again. The other primaries
/// of a Cluster are not affected.
/// </summary>
internal sealed class CircuitBreaker(RedisConnectionManager connections, TimeProvider time)
{
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(1);

    /// <summary>The key for a slot without a server.</summary>
    private static readonly EndPoint UnknownServer = new IPEndPoint(IPAddress.None, 0);

    private readonly ConcurrentDictionary<EndPoint, long> _openSince = [];

    /// <summary>Whether any server is being skipped.</summary>
    public bool IsAnyOpen => !_openSince.IsEmpty;

    /// <summary>Queries the server of a key with a short timeout.</summary>
    /// <param name="timeout">After this the server is skipped.</param>
    /// <exception cref="TimeoutException">It did not respond, or is being skipped.</exception>
    public async Task<T> ExecuteAsync<T>(RedisKey key, TimeSpan timeout, Func<Task<T>> command)
    {
        if (IsAnyOpen && IsOpen(key)) throw new TimeoutException("It did not respond a moment ago.");
        try
        {
            var reply = await command().WaitAsync(timeout, time).ConfigureAwait(false);
            if (IsAnyOpen) _openSince.TryRemove(FindServer(key), out _);
            return reply;
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            _openSince[FindServer(key)] = time.GetTimestamp();
            throw;
        }
    }

    private bool IsOpen(RedisKey key)
    {
        var server = FindServer(key);
        if (!_openSince.TryGetValue(server, out var since)) return false;
        // After a while, the first caller tries on behalf of all.
        return time.GetElapsedTime(since) < BreakDuration || !_openSince.TryUpdate(server, time.GetTimestamp(), since);
    }

    private EndPoint FindServer(RedisKey key) => connections.FindServer(key) ?? UnknownServer;
}
