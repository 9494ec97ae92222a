namespace Footfall.Enrich;

/// <summary>
/// The networks that belong to no country: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, as of 2025), and the
/// multicast and reserved blocks of the address space registries. Country files have a wrong country for some of them.
/// </summary>
internal static class SpecialPurposeNetworks
{
    private static readonly (Cidr Network, CountryReason Reason)[] IPv4 =
    [
        Special("0.0.0.0/8", CountryReason.Reserved),          // this network: RFC 791
        Special("10.0.0.0/8", CountryReason.Private),          // RFC 1918
        Special("100.64.0.0/10", CountryReason.Shared),        // carrier-grade NAT: RFC 6598
        Special("127.0.0.0/8", CountryReason.Loopback),        // RFC 1122
        Special("169.254.0.0/16", CountryReason.LinkLocal),    // RFC 3927
        Special("172.16.0.0/12", CountryReason.Private),       // RFC 1918
        Special("192.0.0.0/24", CountryReason.Reserved),       // protocol assignments: RFC 6890
        Special("192.0.2.0/24", CountryReason.Documentation),  // RFC 5737
        Special("192.88.99.0/24", CountryReason.Reserved),     // 6to4 relays, deprecated: RFC 7526
        Special("192.168.0.0/16", CountryReason.Private),      // RFC 1918
        Special("198.18.0.0/15", CountryReason.Reserved),      // benchmarks: RFC 2544
        Special("198.51.100.0/24", CountryReason.Documentation),
        Special("203.0.113.0/24", CountryReason.Documentation),
        Special("224.0.0.0/4", CountryReason.Multicast),       // RFC 5771
        Special("240.0.0.0/4", CountryReason.Reserved),        // RFC 1112; with the broadcast address
    ];

    private static readonly (Cidr Network, CountryReason Reason)[] IPv6 =
    [
        Special("::1", CountryReason.Loopback),                // RFC 4291
        Special("fc00::/7", CountryReason.Private),            // RFC 4193
        Special("fe80::/10", CountryReason.LinkLocal),         // RFC 4291
        Special("fec0::/10", CountryReason.Private),           // site-local, deprecated: RFC 3879
        Special("ff00::/8", CountryReason.Multicast),          // RFC 4291
        Special("2001:db8::/32", CountryReason.Documentation), // RFC 3849
        Special("3fff::/20", CountryReason.Documentation),     // RFC 9637
        // protocol assignments: RFC 2928; with Teredo, whose prefix shows the server's location
        Special("2001::/23", CountryReason.Reserved),
    ];

    /// <summary>All that IANA has given out as global unicast addresses; the rest is reserved.</summary>
    private static readonly Cidr GlobalUnicast = Cidr.Parse("2000::/3");

    private static readonly Cidr Nat64 = Cidr.Parse("64:ff9b::/96");
    private static readonly Cidr SixToFour = Cidr.Parse("2002::/16");

    /// <summary>Why an address belongs to no country; null for an ordinary one.</summary>
    public static CountryReason? GetReason(UInt128 address)
    {
        var isIPv4 = AddressBits.IsIPv4(address);
        foreach (var (network, reason) in isIPv4 ? IPv4 : IPv6)
            if (network.Contains(address)) return reason;
        return isIPv4 || GlobalUnicast.Contains(address) ? null : CountryReason.Reserved;
    }

    /// <summary>
    /// The IPv4 address that a translated one stands for: NAT64 (RFC 6052, 2.1) and 6to4 (RFC 3056). Any other address is unchanged.
    /// </summary>
    public static UInt128 UnwrapTranslated(UInt128 address)
    {
        if (Nat64.Contains(address)) return AddressBits.FromIPv4((uint)address);
        return SixToFour.Contains(address) ? AddressBits.FromIPv4((uint)(address >> 80)) : address;
    }

    private static (Cidr Network, CountryReason Reason) Special(string network, CountryReason reason) => (Cidr.Parse(network), reason);
}
