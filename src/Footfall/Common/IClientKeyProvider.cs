namespace Footfall.Common;

/// <summary>Tells clients apart.</summary>
internal interface IClientKeyProvider
{
    /// <summary>Names the client of a request: its IPv4 address, or the /64 network of its IPv6 address.</summary>
    ulong GetKey(HttpContext http);
}
