using System.Net;

namespace Footfall.Enrich;

/// <summary>Where a request came from.</summary>
/// <param name="Address">Unwrapped: never an IPv4 address inside IPv6.</param>
/// <param name="Forwarded">Whether it was read from <c>X-Forwarded-For</c>, as a trusted proxy wrote it.</param>
internal readonly record struct ClientAddress(IPAddress Address, bool Forwarded);

/// <summary>Finds the address of the client: of the connection, or as trusted proxies name it.</summary>
internal sealed class ClientAddresses
{
    private readonly IPAddress _none = IPAddress.None;

    public ClientAddress Of(HttpContext http) => new(http.Connection.RemoteIpAddress ?? _none, false);
}
