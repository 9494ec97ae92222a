using System.Buffers.Binary;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Counts the requests of a client on all nodes, in one atomic counter. If Redis does not respond, it returns null and the node counts by
/// itself: a failed lookup must not lock anyone out.
/// </summary>
internal sealed class RedisRateCounter(RedisConnectionManager connections, ILogger<RedisRateCounter> log, TimeProvider time)
{
    internal static readonly RedisScript Script = new("rate.lua");

    /// <summary>How long a request waits for the shared counter before it continues.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    private readonly byte[] _secret = connections.Identity.ToByteArray();
    private readonly CircuitBreaker _circuitBreaker = new(connections, time);
    private bool _failing;

    /// <summary>Counts a request.</summary>
    /// <param name="client">The client's address as a number. Only a keyed hash of it is stored, for a minute.</param>
    /// <param name="window">In milliseconds.</param>
    /// <returns>The requests of the window, this one included, and the milliseconds left; null if Redis does not respond.</returns>
    public async Task<(int Count, int Left)?> IncrementAsync(ulong client, int window)
    {
        try
        {
            var key = connections.Keys.Rate(HashClient(client));
            var reply = (RedisResult[])(
                await _circuitBreaker.ExecuteAsync(key, Timeout, () => Script.RunAsync(connections.Auxiliary, [key], [window])))!;
            if (!_circuitBreaker.IsAnyOpen) _failing = false;
            return ((int)Math.Min((long)reply[0], int.MaxValue), (int)Math.Clamp((long)reply[1], 0, window));
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            if (!_failing) log.RateCountingFailed(RedisFault.Describe(error));
            _failing = true;
            return null;
        }
    }

    private string HashClient(ulong client)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)], hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, client);
        HMACSHA256.HashData(_secret, bytes, hash);
        return Convert.ToHexStringLower(hash[..8]);
    }
}
