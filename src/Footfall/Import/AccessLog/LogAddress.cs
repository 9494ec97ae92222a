using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;

namespace Footfall.Import.AccessLog;

/// <summary>The client of a line as an address.</summary>
internal static class LogAddress
{
    /// <summary>The longest address: IPv6 with an IPv4 tail and a zone.</summary>
    private const int MaxLength = 80;

    private static readonly SearchValues<byte> Decimal = SearchValues.Create("0123456789."u8);

    /// <summary>
    /// Reads an IPv4 address of four decimal numbers, or an IPv6 address; IPv4 inside IPv6 is unwrapped. Stricter than
    /// <see cref="IPAddress.Parse(string)"/>, to which <c>1</c> and <c>0x7f.1</c> are addresses too.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.IsEmpty || text.Length > MaxLength) return false;
        if (!text.Contains((byte)':'))
        {
            if (text.Count((byte)'.') != 3 || text.ContainsAnyExcept(Decimal)) return false;
            return IPAddress.TryParse(text, out address);
        }
        if (text[0] == '[' || !IPAddress.TryParse(text, out address)) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return true;
    }

    /// <summary>
    /// An address that represents a host name, so that each name is a separate visitor: a unique local one (RFC 4193), which
    /// belongs to no country.
    /// </summary>
    public static IPAddress FromHostName(ReadOnlySpan<byte> hostName)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(hostName, hash);
        hash[0] = 0xfd;
        return new IPAddress(hash[..16]);
    }
}
