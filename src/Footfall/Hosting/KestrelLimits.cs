using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Footfall.Hosting;

/// <summary>Limits on what one client may use of the server. Kestrel itself responds to violations, with a bare status.</summary>
internal static class KestrelLimits
{
    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = BodyLimitMiddleware.MaxBytes;
        // The buffer for an unread body, per connection: 1 MiB would be 300 MB for 300 connections.
        limits.MaxRequestBufferSize = 128 * 1024;
        // 8 KiB holds any query, 16 KiB any cookies of a site that happens to share the domain.
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        // A client that sends its headers or body slowly does not hold a connection for long.
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        // Longer than the 60 s for which nginx and most load balancers keep a connection, so that they never send on one that just closed.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
    }

    /// <summary>An idle connection costs about 5 kB: 100 MB at most. Each live stream holds one.</summary>
    public const int MaxConnections = 20_000;

    /// <summary>
    /// The number of connections for a number of descriptors: the runtime aborts the process if it gets none for its own files or threads,
    /// and needs about 200.
    /// </summary>
    public static int GetConnectionLimit(long descriptors) => (int)Math.Min(MaxConnections, Math.Max(descriptors - 256, descriptors / 2));

    /// <summary>
    /// The limit of file descriptors (<c>ulimit -n</c>, RLIMIT_NOFILE), which the runtime has raised to the maximum at process start.
    /// </summary>
    public static long GetFileDescriptorLimit()
    {
        const string Limits = "/proc/self/limits", Name = "Max open files";
        var line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal))
            : null;
        return line is not null && long.TryParse(line.AsSpan(Name.Length).Trim().ToString().Split(' ')[0], out var soft) ? soft
            : int.MaxValue;
    }
}
