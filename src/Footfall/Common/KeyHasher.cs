using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Footfall.Common;

/// <summary>
/// The 64-bit hashes by which keys and orders are recognized. They are keyed by a secret of the installation, so that nobody can find
/// a key that has the hash of another one. Each site and each kind of key has hashes of its own: the kind is the lower two bits.
/// Two different keys collide with a chance of 2 in 10^12 at ten million keys a day.
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
    /// Whether an <c>Idempotency-Key</c> can be one: visible characters of ASCII. Null or empty means no key, which is allowed.
    /// </summary>
    public static bool IsValidKey(string? key) =>
        string.IsNullOrEmpty(key) || (key.Length <= MaxKeyBytes && !key.AsSpan().ContainsAnyExceptInRange('!', '~'));

    /// <summary>Of an <c>Idempotency-Key</c> that <see cref="IsValidKey"/>; 0 for none.</summary>
    public ulong HashHeader(Site site, string? key)
    {
        if (string.IsNullOrEmpty(key)) return 0;
        Span<byte> bytes = stackalloc byte[MaxKeyBytes];
        return HashKey(site, bytes[..Encoding.ASCII.GetBytes(key, bytes)], Idempotency);
    }

    /// <summary>Of an event's <c>id</c>; 0 for none.</summary>
    public ulong HashEventId(Site site, ReadOnlySpan<byte> id) => id.IsEmpty ? 0 : HashKey(site, id, Event);

    /// <summary>
    /// Of a hit without an <c>id</c> in a request with an <c>Idempotency-Key</c> that <see cref="IsValidKey"/>: a request that is sent
    /// again has it at the same index. 0 for no key.
    /// </summary>
    /// <param name="index">From 0.</param>
    public ulong HashByIndex(Site site, string? key, int index)
    {
        if (string.IsNullOrEmpty(key)) return 0;
        Span<byte> bytes = stackalloc byte[sizeof(int) + MaxKeyBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, index);
        return HashKey(site, bytes[..(sizeof(int) + Encoding.ASCII.GetBytes(key, bytes[sizeof(int)..]))], Index);
    }

    /// <summary>Of a purchase's <c>transaction_id</c>; 0 for none.</summary>
    public ulong HashTransaction(Site site, ReadOnlySpan<byte> id) => id.IsEmpty ? 0 : HashKey(site, id, Transaction);

    /// <summary>Of a <c>transaction_id</c> as the history has it: another one than the journal's, since exports show it.</summary>
    /// <returns>The hash, never 0; and what <see cref="HashUnkeyedOrder"/> makes of the one of before there was a secret.</returns>
    public (ulong Hash, ulong Converted) HashOrder(Site site, ReadOnlySpan<byte> id) =>
        (Math.Max(1, Hash(Order, site.Utf8, id)), HashUnkeyedOrder(site.Utf8, XxHash3.HashToUInt64(id)));

    /// <summary>Of the hash of a <c>transaction_id</c> that the history had before there was a secret.</summary>
    /// <param name="domain">Of the site, in UTF-8.</param>
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

    /// <summary>The length of the domain is hashed too: no other site and key are the same bytes.</summary>
    private ulong Hash(int kind, ReadOnlySpan<byte> domain, ReadOnlySpan<byte> message) =>
        SipHash.Hash(_secret, (ulong)domain.Length << 32 | (uint)kind, domain, message);
}
