using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Footfall.Enrich;

/// <summary>
/// An address as one number of 128 bits, so that networks are compared without an allocation. IPv4 is mapped into IPv6, as
/// <c>::ffff:a.b.c.d</c> (RFC 4291, 2.5.5.2).
/// </summary>
internal static class AddressBits
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xffff << 32;

    public static UInt128 FromAddress(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static UInt128 FromIPv4(uint address) => MappedPrefix | address;

    public static bool IsIPv4(UInt128 bits) => bits >> 32 == 0xffff;

    /// <summary>The address itself: IPv4 where the bits are those of IPv4.</summary>
    public static IPAddress ToAddress(UInt128 bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new IPAddress(IsIPv4(bits) ? bytes[12..] : bytes);
    }

    /// <summary>
    /// The same address, unmapped to IPv4 if it is mapped. A dual-stack socket maps every IPv4 client; the new object costs 40 bytes.
    /// </summary>
    public static IPAddress Unwrap(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
