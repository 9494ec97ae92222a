using System.Net;
using Footfall.Common;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Footfall.Enrich;

/// <summary>Where a request came from.</summary>
/// <param name="Address">Unwrapped: never an IPv4 address inside IPv6. <see cref="IPAddress.None"/> if the connection has none (a Unix
/// socket).</param>
/// <param name="Forwarded">Whether it was read from <c>X-Forwarded-For</c>, as a trusted proxy wrote it.</param>
internal readonly record struct ClientAddress(IPAddress Address, bool Forwarded);

/// <summary>Why an address is the client's.</summary>
internal enum AddressOrigin
{
    /// <summary>No <c>X-Forwarded-For</c> was sent: the connection's address.</summary>
    NoHeader,

    /// <summary>The header came from an untrusted address and was ignored: the connection's address.</summary>
    SenderNotTrusted,

    /// <summary>The right-most address of the header that is not a trusted proxy's.</summary>
    RightMostUntrusted,

    /// <summary>All addresses of the header are trusted proxies': the left-most.</summary>
    AllTrusted,

    /// <summary>From the right, an invalid entry came before any untrusted one: the last address before it.</summary>
    Malformed,
}

/// <summary>Finds the address of the client: of the connection, or as trusted proxies name it.</summary>
internal sealed class ClientAddressResolver
{
    public const string HeaderName = "X-Forwarded-For";

    private readonly Cidr[] _trustedNetworks;

    public ClientAddressResolver(IOptions<FootfallOptions> options)
    {
        TrustedProxies = Split(options.Value.TrustedProxies);
        _trustedNetworks = [.. TrustedProxies.Select(Cidr.Parse)];
    }

    /// <summary>The networks whose header is trusted, from the setting.</summary>
    public IReadOnlyList<string> TrustedProxies { get; }

    /// <summary>Each new object is one address of 40 bytes; none without a trusted proxy or its header.</summary>
    public ClientAddress Resolve(HttpContext http) => Resolve(http, out _);

    /// <summary>
    /// Every proxy appends the address of its caller, so the header is trusted from the right, as far as trusted proxies wrote it: the
    /// client may have forged everything left of the first untrusted address.
    /// </summary>
    public ClientAddress Resolve(HttpContext http, out AddressOrigin origin)
    {
        origin = AddressOrigin.NoHeader;
        if (http.Connection.RemoteIpAddress is not { } connection) return new(IPAddress.None, false);
        if (!http.Request.Headers.TryGetValue(HeaderName, out var lines) || lines.Count == 0)
            return new(AddressBits.Unwrap(connection), false);
        if (!IsTrusted(connection))
        {
            origin = AddressOrigin.SenderNotTrusted;
            return new(AddressBits.Unwrap(connection), false);
        }
        origin = WalkFromRight(lines, out var address);
        return address is null ? new(AddressBits.Unwrap(connection), false) : new(address, true);
    }

    /// <summary>Splits the setting.</summary>
    public static string[] Split(string trustedProxies) =>
        trustedProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private AddressOrigin WalkFromRight(in StringValues lines, out IPAddress? address)
    {
        address = null;
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var rest = lines[i].AsSpan();
            while (true)
            {
                var comma = rest.LastIndexOf(',');
                // An empty entry stops the search like any malformed one: a proxy that did not know its caller may have written it.
                if (!ForwardedForParser.TryParse(rest[(comma + 1)..], out var entry)) return AddressOrigin.Malformed;
                address = entry;
                if (!IsTrusted(entry)) return AddressOrigin.RightMostUntrusted;
                if (comma < 0) break;
                rest = rest[..comma];
            }
        }
        return AddressOrigin.AllTrusted;
    }

    private bool IsTrusted(IPAddress address)
    {
        if (_trustedNetworks.Length == 0) return false;
        var bits = AddressBits.FromAddress(address);
        foreach (var network in _trustedNetworks)
            if (network.Contains(bits)) return true;
        return false;
    }
}
