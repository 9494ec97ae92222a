using Footfall.Enrich;
using Footfall.Words;

namespace Footfall.Hosting;

/// <inheritdoc cref="IClients"/>
internal sealed class Clients(ClientAddresses addresses) : IClients
{
    public ulong KeyOf(HttpContext http) => FixedWindowCounters.KeyOf(addresses.Of(http).Address);
}
