using System.IO.Hashing;
using System.Text;
using Footfall.Words;

namespace Footfall.Collect;

/// <summary>
/// The 64-bit hashes by which keys are recognised. Each kind of key and each site has a space of its own. Two different keys fall together
/// with a chance of one in 10^12 at ten million keys a day.
/// </summary>
internal static class KeyHash
{
    private const long Idempotency = 1, Event = 2, Transaction = 3;

    /// <summary>Of an <c>Idempotency-Key</c>; 0 for none.</summary>
    public static RejectReason OfHeader(Site site, string? key, out ulong hash)
    {
        hash = 0;
        if (string.IsNullOrEmpty(key)) return RejectReason.None;
        if (key.Length > Events.HitLimits.Id || key.AsSpan().ContainsAnyExceptInRange('!', '~')) return RejectReason.InvalidKey;
        Span<byte> bytes = stackalloc byte[Events.HitLimits.Id];
        hash = Of(site, bytes[..Encoding.ASCII.GetBytes(key, bytes)], Idempotency);
        return RejectReason.None;
    }

    /// <summary>Of an event's <c>id</c>; 0 for none.</summary>
    public static ulong OfEvent(Site site, ReadOnlySpan<byte> id) => id.IsEmpty ? 0 : Of(site, id, Event);

    /// <summary>Of a purchase's <c>transaction_id</c>; 0 for none.</summary>
    public static ulong OfTransaction(Site site, ReadOnlySpan<byte> id) => id.IsEmpty ? 0 : Of(site, id, Transaction);

    private static ulong Of(Site site, ReadOnlySpan<byte> key, long kind)
    {
        var seed = (long)XxHash3.HashToUInt64(site.Utf8, kind);
        var hash = XxHash3.HashToUInt64(key, seed);
        return hash == 0 ? 1 : hash;
    }
}
