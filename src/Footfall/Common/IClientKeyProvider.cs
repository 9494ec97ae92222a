namespace Footfall.Common;

/// <summary>Identifies clients.</summary>
internal interface IClientKeyProvider
{
    /// <summary>The key of a request's client: its IPv4 address, or the /64 network of its IPv6 address.</summary>
    ulong GetKey(HttpContext http);
}
