using System.IO.Hashing;

namespace Footfall.Common;

/// <summary>
/// Keys stored before the installation had a secret, by their unkeyed hashes, which anyone can compute. Each is recognized for the rest of
/// its 24 hours; none is added, so that no such hash can be forged. Filled before use.
/// </summary>
internal sealed class UnkeyedHashes(TimeProvider time)
{
    private Dictionary<ulong, long>? _expirations;
    private long _lastExpiration;

    /// <param name="remaining">How long the key is still kept.</param>
    public void Add(ulong hash, TimeSpan remaining)
    {
        // On the monotonic clock, by which the journal expires keys too.
        var end = time.GetTimestamp() + (long)(remaining.TotalSeconds * time.TimestampFrequency);
        (_expirations ??= [])[hash] = end;
        _lastExpiration = Math.Max(_lastExpiration, end);
    }

    /// <summary>The stored hash of a key; 0 if it is not one of these.</summary>
    /// <param name="kind">The kind, as in <see cref="KeyHasher"/>.</param>
    public ulong Find(Site site, ReadOnlySpan<byte> key, int kind)
    {
        if (_expirations is not { } ends) return 0;
        var now = time.GetTimestamp();
        if (now >= _lastExpiration) _expirations = null;
        var hash = Math.Max(1, XxHash3.HashToUInt64(key, (long)XxHash3.HashToUInt64(site.Utf8, kind)));
        return ends.TryGetValue(hash, out var end) && now < end ? hash : 0;
    }
}
