using System.Globalization;
using System.Threading.RateLimiting;
using Footfall.Enrich;
using Footfall.Words;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <inheritdoc cref="IClients"/>
internal sealed class Clients(ClientAddresses addresses) : IClients
{
    public ulong KeyOf(HttpContext http) => RateTable.KeyOf(addresses.Of(http).Address);
}

/// <summary>
/// The limits by client of the endpoints that have a <see cref="ClientLimit"/>, for ASP.NET Core's middleware. It takes the place of the
/// framework's own partitions, whose memory grows with the
/// number of clients, and whose clock can't be set: <c>docs/decisions/rate-limiter.md</c>.
/// </summary>
internal sealed class ClientRateLimiter(IClients clients, IOptions<FootfallOptions> options, TimeProvider time)
    : PartitionedRateLimiter<HttpContext>
{
    /// <summary>For a client with too many connections, in seconds: nobody knows when one of them ends.</summary>
    private const int ConnectionRetry = 10;

    /// <summary>For 65,536 clients a minute each: 1 MiB. Beyond that the limits are lenient.</summary>
    private readonly RateTable _queries = new(1 << 13), _exports = new(1 << 13);

    private readonly RateLimitOptions _options = options.Value.RateLimit;
    private readonly ClientCounts _live = new(options.Value.RateLimit.LiveConnections);
    private readonly long _started = time.GetTimestamp();

    /// <summary>The middleware, for the endpoints that have a limit: no other request pays for it.</summary>
    public static void Use(IApplicationBuilder app) =>
        app.UseWhen(static http => LimitOf(http) is not null, static limited => limited.UseRateLimiter());

    public static void Configure(RateLimiterOptions middleware, ClientRateLimiter limiter, HostingMetrics metrics)
    {
        middleware.GlobalLimiter = limiter;
        middleware.OnRejected = (rejected, _) => new(Refusal.WriteAsync(rejected.HttpContext, metrics.Count(RejectReason.TooManyRequests)));
    }

    public override RateLimiterStatistics? GetStatistics(HttpContext http) => null;

    protected override RateLimitLease AttemptAcquireCore(HttpContext http, int permitCount)
    {
        var client = clients.KeyOf(http);
        var limit = LimitOf(http);
        if (limit == ClientLimit.Queries) return Take(http, _queries, client, _options.QueriesPerMinute);
        if (limit == ClientLimit.Exports) return Take(http, _exports, client, _options.ExportsPerMinute);
        return _live.TryEnter(client) ? new Lease(true, () => _live.Leave(client)) : Refuse(http, ConnectionRetry);
    }

    /// <summary>Nothing waits: the middleware calls it after a refusal.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext http, int permitCount, CancellationToken cancel) =>
        new(new Lease(false));

    private static ClientLimit? LimitOf(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<ClientLimit>();

    private Lease Take(HttpContext http, RateTable table, ulong client, int limit)
    {
        var use = table.Take(client, (long)time.GetElapsedTime(_started).TotalMilliseconds);
        return limit == 0 || use.Count <= limit ? new Lease(true) : Refuse(http, (use.Left + 999) / 1000);
    }

    private static Lease Refuse(HttpContext http, int seconds)
    {
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return new Lease(false);
    }

    private sealed class Lease(bool acquired, Action? end = null) : RateLimitLease
    {
        private Action? _end = end;

        public override bool IsAcquired => acquired;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata) => (metadata = null) is not null;

        protected override void Dispose(bool disposing) => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
