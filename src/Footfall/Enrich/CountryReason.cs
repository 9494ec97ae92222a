using Footfall.Common;

namespace Footfall.Enrich;

/// <summary>The country of an address.</summary>
/// <param name="Country"><see cref="Country.Unknown"/> unless the reason is <see cref="CountryReason.Found"/>.</param>
internal readonly record struct CountryResult(Country Country, CountryReason Reason);

/// <summary>Why an address has its country, or none. A closed list.</summary>
internal enum CountryReason : byte
{
    Found,
    Private,
    Loopback,
    LinkLocal,
    Shared,
    Documentation,
    Multicast,
    Reserved,
    NotInDatabase,
    NoCountry,
    NoDatabase,
    DatabaseUnreadable,
}

internal static class CountryReasons
{
    /// <summary>The constant on the wire.</summary>
    public static string GetCode(this CountryReason reason) => Describe(reason).Code;

    /// <summary>A sentence for a person.</summary>
    public static string GetMessage(this CountryReason reason) => Describe(reason).Sentence;

    private static (string Code, string Sentence) Describe(CountryReason reason) => reason switch
    {
        CountryReason.Found => ("FOUND", "The country database has this country for the network of the address."),
        CountryReason.Private => ("PRIVATE", "It is a private address (RFC 1918, RFC 4193), used inside networks of every country."),
        CountryReason.Loopback => ("LOOPBACK", "It is the loopback address: the request came from this machine itself."),
        CountryReason.LinkLocal => ("LINK_LOCAL", "It is a link-local address (RFC 3927, RFC 4291), used inside one network only."),
        CountryReason.Shared =>
            ("SHARED", "It is an address that a provider shares among customers (RFC 6598), used inside networks of every country."),
        CountryReason.Documentation => ("DOCUMENTATION", "It is an address for examples in documentation (RFC 5737, RFC 3849, RFC 9637); "
            + "it has no owner."),
        CountryReason.Multicast => ("MULTICAST", "It is a multicast address (RFC 5771, RFC 4291), which has no single sender."),
        CountryReason.Reserved => ("RESERVED", "It is an address that IANA reserves for a special purpose; no customer has it."),
        CountryReason.NotInDatabase => ("NOT_IN_DATABASE", "The country database does not have the network of the address."),
        CountryReason.NoCountry => ("NO_COUNTRY", "The country database has the network of the address, but no ISO 3166-1 country for it."),
        CountryReason.NoDatabase => ("NO_DATABASE", "This server has no country database: install Node.js 20 or later and build it again, "
            + "or set Footfall:CountryDatabase to a file."),
        CountryReason.DatabaseUnreadable => ("DATABASE_UNREADABLE", "The country database is damaged where this address is listed."),
        _ => throw new InvalidOperationException($"{reason} has no description."),
    };
}
