using System.IO.Hashing;

namespace Footfall.Common;

/// <summary>
/// Keys that were stored before the installation had a secret, by the hashes of that time, which everybody can compute. Each is
/// recognized for the rest of its 24 hours; none is added to them, so that nothing can be forged with such a hash. Filled before use.
/// </summary>
internal sealed class UnkeyedHashes(TimeProvider time)
{
    private Dictionary<ulong, long>? _expirations;
    private long _lastExpiration;

    /// <param name="remaining">How long the key is still remembered.</param>
    public void Add(ulong hash, TimeSpan remaining)
    {
        // On the clock that never goes back, by which the journal forgets keys too.
        var end = time.GetTimestamp() + (long)(remaining.TotalSeconds * time.TimestampFrequency);
        (_expirations ??= [])[hash] = end;
        _lastExpiration = Math.Max(_lastExpiration, end);
    }

    /// <summary>The hash of a key as it was stored; 0 where it is not one of these.</summary>
    /// <param name="kind">As <see cref="KeyHasher"/> numbers them.</param>
    public ulong Find(Site site, ReadOnlySpan<byte> key, int kind)
    {
        if (_expirations is not { } ends) return 0;
        var now = time.GetTimestamp();
        if (now >= _lastExpiration) _expirations = null;
        var hash = Math.Max(1, XxHash3.HashToUInt64(key, (long)XxHash3.HashToUInt64(site.Utf8, kind)));
        return ends.TryGetValue(hash, out var end) && now < end ? hash : 0;
    }
}
