using System.Globalization;
using System.Net;

namespace Footfall.Enrich;

/// <summary>A network: all addresses that begin with the same bits (RFC 4632, RFC 4291).</summary>
/// <param name="Prefix">Its first address, as <see cref="AddressBits"/>.</param>
/// <param name="Length">The bits in common, of 128: an IPv4 network has 96 more than it is written with.</param>
internal readonly record struct Cidr(UInt128 Prefix, int Length)
{
    private const int IPv4Offset = 96;

    private UInt128 Mask => GetMask(Length);

    /// <summary>Whether an address belongs to it. An IPv6 network never holds an IPv4 address, not even <c>::/0</c>.</summary>
    public bool Contains(UInt128 address) => (address & Mask) == Prefix && (Length >= IPv4Offset || !AddressBits.IsIPv4(address));

    /// <summary>Reads a network, or an address as a network of one.</summary>
    /// <exception cref="FormatException">It is neither: the message is a sentence that names the text.</exception>
    public static Cidr Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        if (!ForwardedForParser.TryParseAddress(address, out var first))
            throw new FormatException($"\"{text}\" is neither an address, such as 192.0.2.7, nor a network, such as 10.0.0.0/8");
        var bits = AddressBits.FromAddress(first);
        if (slash < 0) return new Cidr(bits, 128);
        var mapped = AddressBits.IsIPv4(bits) && !address.Contains(':', StringComparison.Ordinal);
        var most = mapped ? 32 : 128;
        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > most)
            throw new FormatException($"\"{text}\" is not a network: the number after the slash must be from 0 to {most}");
        var prefix = bits & GetMask(mapped ? length + IPv4Offset : length);
        if (prefix != bits)
            throw new FormatException($"\"{text}\" is not the first address of its network; write "
                + $"{AddressBits.ToAddress(prefix)}/{length} instead");
        return new Cidr(prefix, mapped ? length + IPv4Offset : length);
    }

    private static UInt128 GetMask(int length) => length == 0 ? 0 : UInt128.MaxValue << (128 - length);
}
