using System.Buffers.Binary;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Counts the requests of a client on all nodes together, in one atomic counter. Where Redis does not answer it says so, and the node counts by itself: a limit must not
/// keep anybody out because it can't be looked up.
/// </summary>
internal sealed class RedisRates(RedisLink link, ILogger<RedisRates> log, TimeProvider time)
{
    internal static readonly RedisScript Script = new("rate.lua");

    /// <summary>How long a request waits to be counted by all: it has its own work to wait for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private readonly byte[] _secret = link.Identity.ToByteArray();
    private readonly RedisRest _rest = new(link, time);
    private bool _failing;

    /// <summary>Counts a request.</summary>
    /// <param name="client">The client's address as a number. What is stored is a keyed hash of it, for a minute.</param>
    /// <param name="window">In milliseconds.</param>
    /// <returns>The requests of the window, this one included, and the milliseconds left; null where Redis can't tell.</returns>
    public async Task<(int Count, int Left)?> TakeAsync(ulong client, int window)
    {
        try
        {
            var key = link.Keys.Rate(NameOf(client));
            var answer = (RedisResult[])(await _rest.AskAsync(key, Longest, () => Script.RunAsync(link.Beside, [key], [window])))!;
            if (!_rest.Any) _failing = false;
            return ((int)Math.Min((long)answer[0], int.MaxValue), (int)Math.Clamp((long)answer[1], 0, window));
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            if (!_failing) log.RatesFailed(RedisTrouble.Sentence(error));
            _failing = true;
            return null;
        }
    }

    private string NameOf(ulong client)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)], hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, client);
        HMACSHA256.HashData(_secret, bytes, hash);
        return Convert.ToHexStringLower(hash[..8]);
    }
}
