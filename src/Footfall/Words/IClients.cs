namespace Footfall.Words;

/// <summary>Tells clients apart.</summary>
internal interface IClients
{
    /// <summary>Names the client of a request: its IPv4 address, or the /64 network of its IPv6 address.</summary>
    ulong KeyOf(HttpContext http);
}
