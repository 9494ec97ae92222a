using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Footfall.Hosting;

/// <summary>What one client may take of the server. A request that breaks these is answered by Kestrel itself, with a bare status.</summary>
internal static class KestrelLimits
{
    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = BodyLimit.Largest;
        // 8 KiB holds any query, 16 KiB any cookies of a site that happens to share the domain.
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        // A client that dribbles its headers or its body does not hold a connection for long.
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        // Longer than the 60 s for which nginx and most load balancers keep a connection, so that they never send on one that just closed.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        // An idle connection costs about 5 kB: 100 MB at most. Live watchers hold one each.
        limits.MaxConcurrentConnections = 20_000;
    }
}
