using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Enrich;

/// <summary>Distinguishes visitors without identifying them: a hash under a salt that is destroyed after two days.</summary>
internal sealed class VisitorHasher(ISaltStore salts)
{
    private const int AddressLength = 16;

    /// <summary>Up to this size the message is on the stack: enough for nearly all real User-Agents.</summary>
    private const int StackLimit = 1_024;

    /// <summary>
    /// The visitor of a hit: the first 8 bytes of HMAC-SHA256 under the salt of the site's local day, of the address (16 bytes, IPv4 inside
    /// IPv6), the domain, a zero byte and the User-Agent in UTF-8.
    /// </summary>
    /// <param name="timeMilliseconds">When the hit happened, Unix time.</param>
    /// <returns>Never 0, which means no visitor.</returns>
    /// <exception cref="SaltsUnavailableException">The day's salt could not be made durable: the hit must be rejected as
    /// transient.</exception>
    public ulong ComputeHash(Site site, long timeMilliseconds, IPAddress address, ReadOnlySpan<char> userAgent)
    {
        var salt = salts.GetOrCreate(site, site.DayOf(timeMilliseconds));
        var most = AddressLength + site.Utf8.Length + 1 + Encoding.UTF8.GetMaxByteCount(userAgent.Length);
        var rented = most > StackLimit ? ArrayPool<byte>.Shared.Rent(most) : null;
        var message = rented ?? stackalloc byte[StackLimit];
        BinaryPrimitives.WriteUInt128BigEndian(message, AddressBits.FromAddress(address));
        site.Utf8.CopyTo(message[AddressLength..]);
        var length = AddressLength + site.Utf8.Length;
        message[length++] = 0;
        length += Encoding.UTF8.GetBytes(userAgent, message[length..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(salt, message[..length], hash);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return Math.Max(1, BinaryPrimitives.ReadUInt64BigEndian(hash));
    }
}
