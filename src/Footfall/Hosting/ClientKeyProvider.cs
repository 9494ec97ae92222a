using Footfall.Common;
using Footfall.Enrich;

namespace Footfall.Hosting;

/// <inheritdoc cref="IClientKeyProvider"/>
internal sealed class ClientKeyProvider(ClientAddressResolver addresses) : IClientKeyProvider
{
    public ulong GetKey(HttpContext http) => FixedWindowCounters.ToClientKey(addresses.Resolve(http).Address);
}
