using System.Buffers;
using System.Globalization;
using System.Net;

namespace Footfall.Enrich;

/// <summary>
/// Reads one entry of <c>X-Forwarded-For</c>. No standard describes the header; proxies write an address (nginx, HAProxy), an address with
/// a port (Azure Application Gateway, IIS), or IPv6 in brackets (RFC 3986, 3.2.2), some with the quotes of RFC 7239.
/// </summary>
internal static class ForwardedForParser
{
    /// <summary>The longest address: <c>ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255</c>.</summary>
    private const int LongestAddress = 45;

    private static readonly SearchValues<char> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads an entry with anything allowed around the address.</summary>
    /// <param name="address">Unwrapped: never an IPv4 address inside IPv6.</param>
    /// <returns>False for anything else: names, <c>unknown</c>, an empty entry.</returns>
    public static bool TryParse(ReadOnlySpan<char> entry, out IPAddress address)
    {
        address = IPAddress.None;
        entry = entry.Trim(" \t");
        if (entry is ['"', .. var quoted, '"']) entry = quoted.Trim(" \t");
        if (entry is ['[', .. var bracketed])
        {
            var end = bracketed.IndexOf(']');
            return end > 0 && bracketed[..end].Contains(':') && IsPort(bracketed[(end + 1)..])
                && TryParseAddress(bracketed[..end], out address);
        }
        var colon = entry.IndexOf(':');
        // One colon separates an IPv4 address from its port; several mean IPv6, which has a port only after brackets.
        if (colon < 0 || entry[(colon + 1)..].Contains(':')) return TryParseAddress(entry, out address);
        return IsPort(entry[colon..]) && TryParseAddress(entry[..colon], out address);
    }

    /// <summary>
    /// Reads an address and nothing else. Stricter than <see cref="IPAddress.TryParse(ReadOnlySpan{char}, out IPAddress)"/>, which takes
    /// <c>1</c> for 0.0.0.1, <c>010.0.0.1</c> for 8.0.0.1, and zones: anything that two programs read differently allows spoofing.
    /// </summary>
    public static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length is 0 or > LongestAddress) return false;
        if (!text.Contains(':')) return TryParseIPv4(text, out address);
        if (text.ContainsAnyExcept(IPv6Characters) || !IPAddress.TryParse(text, out var read)) return false;
        address = AddressBits.Unwrap(read);
        return true;
    }

    private static bool TryParseIPv4(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < 4; i++)
        {
            var dot = i < 3 ? text.IndexOf('.') : text.Length;
            if (dot is < 1 or > 3 || (dot > 1 && text[0] == '0')) return false;
            if (!byte.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i])) return false;
            text = i < 3 ? text[(dot + 1)..] : default;
        }
        address = new IPAddress(bytes);
        return true;
    }

    /// <summary>Accepts nothing, or a colon and a port.</summary>
    private static bool IsPort(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == ':' && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
