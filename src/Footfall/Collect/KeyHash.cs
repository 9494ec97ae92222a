using System.Buffers.Binary;
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
    private const long Idempotency = 1, Event = 2, Transaction = 3, Place = 4;

    /// <summary>Whether an <c>Idempotency-Key</c> can be one: visible characters of ASCII. Null or empty is none, which is fine.</summary>
    public static bool IsKey(string? key) =>
        string.IsNullOrEmpty(key) || (key.Length <= Events.HitLimits.Id && !key.AsSpan().ContainsAnyExceptInRange('!', '~'));

    /// <summary>Of an <c>Idempotency-Key</c> that <see cref="IsKey"/>; 0 for none.</summary>
    public static ulong OfHeader(Site site, string? key)
    {
        if (string.IsNullOrEmpty(key)) return 0;
        Span<byte> bytes = stackalloc byte[Events.HitLimits.Id];
        return Of(site, bytes[..Encoding.ASCII.GetBytes(key, bytes)], Idempotency);
    }

    /// <summary>Of an event's <c>id</c>; 0 for none.</summary>
    public static ulong OfEvent(Site site, ReadOnlySpan<byte> id) => id.IsEmpty ? 0 : Of(site, id, Event);

    /// <summary>Of a hit without an <c>id</c> in a request with an <c>Idempotency-Key</c> that <see cref="IsKey"/>: a request that is sent again has it at the same place. 0 for no key.</summary>
    /// <param name="place">From 0.</param>
    public static ulong OfPlace(Site site, string? key, int place)
    {
        if (string.IsNullOrEmpty(key)) return 0;
        Span<byte> bytes = stackalloc byte[sizeof(int) + Events.HitLimits.Id];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, place);
        return Of(site, bytes[..(sizeof(int) + Encoding.ASCII.GetBytes(key, bytes[sizeof(int)..]))], Place);
    }

    /// <summary>Of a purchase's <c>transaction_id</c>; 0 for none.</summary>
    public static ulong OfTransaction(Site site, ReadOnlySpan<byte> id) => id.IsEmpty ? 0 : Of(site, id, Transaction);

    private static ulong Of(Site site, ReadOnlySpan<byte> key, long kind)
    {
        var seed = (long)XxHash3.HashToUInt64(site.Utf8, kind);
        var hash = XxHash3.HashToUInt64(key, seed);
        return hash == 0 ? 1 : hash;
    }
}
