using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Footfall.Common;

/// <summary>
/// The 64-bit hashes that identify keys and orders. They are keyed with a secret of the installation, so that no outsider can find a key
/// with the hash of another one. Hashes differ by site and kind of key: the kind is the lower two bits. Two different keys collide with a
/// chance of 2 in 10^12 at ten million keys a day.
/// </summary>
/// <param name="secret">Of <see cref="SecretBytes"/> bytes.</param>
internal sealed class KeyHasher(byte[] secret, UnkeyedHashes unkeyed)
{
    public const int SecretBytes = 16;

    /// <summary>The longest key, in bytes.</summary>
    public const int MaxKeyBytes = 200;

    private const int Idempotency = 1, Event = 2, Transaction = 3, Index = 4, Order = 5, UnkeyedOrder = 6;

    private readonly UInt128 _secret = BinaryPrimitives.ReadUInt128LittleEndian(secret);

    /// <summary>
    /// Whether an <c>Idempotency-Key</c> is valid: visible ASCII characters. Null or empty means no key, which is allowed.
    /// </summary>
    public static bool IsValidKey(string? key) =>
        string.IsNullOrEmpty(key) || (key.Length <= MaxKeyBytes && !key.AsSpan().ContainsAnyExceptInRange('!', '~'));

    /// <summary>The hash of an <c>Idempotency-Key</c> that <see cref="IsValidKey"/>; 0 for none.</summary>
    public ulong HashHeader(Site site, string? key)
    {
        if (string.IsNullOrEmpty(key)) return 0;
        Span<byte> bytes = stackalloc byte[MaxKeyBytes];
        return HashKey(site, bytes[..Encoding.ASCII.GetBytes(key, bytes)], Idempotency);
    }

    /// <summary>The hash of an event's <c>id</c>; 0 for none.</summary>
    public ulong HashEventId(Site site, ReadOnlySpan<byte> id) => id.IsEmpty ? 0 : HashKey(site, id, Event);

    /// <summary>
    /// The hash of a hit without an <c>id</c> in a request with an <c>Idempotency-Key</c> that <see cref="IsValidKey"/>: a repeated request
    /// has it at the same index. 0 for no key.
    /// </summary>
    /// <param name="index">From 0.</param>
    public ulong HashByIndex(Site site, string? key, int index)
    {
        if (string.IsNullOrEmpty(key)) return 0;
        Span<byte> bytes = stackalloc byte[sizeof(int) + MaxKeyBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, index);
        return HashKey(site, bytes[..(sizeof(int) + Encoding.ASCII.GetBytes(key, bytes[sizeof(int)..]))], Index);
    }

    /// <summary>The hash of a purchase's <c>transaction_id</c>; 0 for none.</summary>
    public ulong HashTransaction(Site site, ReadOnlySpan<byte> id) => id.IsEmpty ? 0 : HashKey(site, id, Transaction);

    /// <summary>The history's hash of a <c>transaction_id</c>: it differs from the journal's, since exports show it.</summary>
    /// <returns>The hash, never 0, and <see cref="HashUnkeyedOrder"/> of the unkeyed hash.</returns>
    public (ulong Hash, ulong Converted) HashOrder(Site site, ReadOnlySpan<byte> id) =>
        (Math.Max(1, Hash(Order, site.Utf8, id)), HashUnkeyedOrder(site.Utf8, XxHash3.HashToUInt64(id)));

    /// <summary>The keyed hash of an unkeyed hash of a <c>transaction_id</c>, from before there was a secret.</summary>
    /// <param name="domain">The site's domain, in UTF-8.</param>
    /// <returns>Never 0.</returns>
    public ulong HashUnkeyedOrder(ReadOnlySpan<byte> domain, ulong hash)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Math.Max(1, hash));
        return Math.Max(1, Hash(UnkeyedOrder, domain, bytes));
    }

    private ulong HashKey(Site site, ReadOnlySpan<byte> key, int kind)
    {
        if (unkeyed.Find(site, key, kind) is var stored and not 0) return stored;
        const ulong Kinds = 3;
        return Math.Max(Kinds + 1, Hash(kind, site.Utf8, key) & ~Kinds) | (uint)kind & Kinds;
    }

    /// <summary>The length of the domain is hashed too, so that no other site and key have the same bytes.</summary>
    private ulong Hash(int kind, ReadOnlySpan<byte> domain, ReadOnlySpan<byte> message) =>
        SipHash.Hash(_secret, (ulong)domain.Length << 32 | (uint)kind, domain, message);
}
