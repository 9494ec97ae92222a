using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Footfall.Enrich;

/// <summary>Recognizes bots by their User-Agent, as isbot does.</summary>
internal sealed class BotDetector(ReferenceFiles files)
{
    /// <summary>Slots of the cache: 128 KiB, several times the User-Agents that a busy day of shops brings.</summary>
    private const int CacheSlots = 1 << 14;

    /// <summary>The lowest bit of a slot is the result, the next one is always set, so that no hash looks like an empty slot.</summary>
    private const ulong BotBit = 1, FilledBit = 2;

    // Created at the first use: 30 ms and 6 MB that a server with only bare visits never needs.
    private readonly Lazy<BotPatterns> _patterns = new(() => BotPatterns.Load(files.Bots));

    // Hashes instead of the texts: a User-Agent is not kept longer than its request. The seed prevents senders from choosing collisions.
    private readonly ulong[] _cache = new ulong[CacheSlots];
    private readonly long _seed = Random.Shared.NextInt64();

    /// <summary>Whether a User-Agent is a known bot's. An empty one is not.</summary>
    /// <remarks>100 ns if seen recently, 10 to 20 µs otherwise; no allocation.</remarks>
    public bool IsBot(ReadOnlySpan<char> userAgent)
    {
        if (userAgent.IsEmpty || files.Bots is null) return false;
        var key = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(userAgent), _seed) & ~BotBit | FilledBit;
        ref var slot = ref _cache[key >> (64 - 14)];
        var cached = Volatile.Read(ref slot);
        if ((cached & ~BotBit) == key) return (cached & BotBit) != 0;
        var bot = _patterns.Value.IsMatch(userAgent);
        Volatile.Write(ref slot, bot ? key | BotBit : key);
        return bot;
    }
}
