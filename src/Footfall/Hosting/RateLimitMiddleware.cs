using Footfall.Common;
using Footfall.Journal.Redis;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>
/// Rejects requests of a client that has used up the <see cref="RequestLimit"/> or the <see cref="ClientConnectionLimit"/> of the endpoint.
/// </summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next, IClientKeyProvider clients, HostingMetrics metrics, IOptions<FootfallOptions> options, TimeProvider time,
    IServiceProvider services)
{
    private readonly long _started = time.GetTimestamp();

    private readonly RedisRateCounter? _sharedCounters =
        options.Value is { Journal: JournalKind.Redis, RateLimit.Scope: RateLimitScope.Cluster }
        ? services.GetRequiredService<RedisRateCounter>()
        : null;

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata is not { } metadata) return next(http);
        if (metadata.GetMetadata<RequestLimit>() is not { } limit) return metadata.GetMetadata<ClientConnectionLimit>() is { } connections
            ? LimitConcurrencyAsync(http, connections.Limiter) : next(http);
        var client = clients.GetKey(http);
        return _sharedCounters is not null && limit.CanBeShared ? LimitSharedAsync(http, limit, client, _sharedCounters)
            : LimitAsync(http, limit, IncrementLocal(limit, client));
    }

    // Monotonic: a clock change does not shorten or extend a window.
    private WindowUsage IncrementLocal(RequestLimit limit, ulong client) =>
        limit.Counters.Increment(client, (long)time.GetElapsedTime(_started).TotalMilliseconds);

    private async Task LimitSharedAsync(HttpContext http, RequestLimit limit, ulong client, RedisRateCounter sharedCounters)
    {
        var usage = await sharedCounters.IncrementAsync(client, FixedWindowCounters.WindowMilliseconds) is { } taken
            ? new WindowUsage(taken.Count, taken.Left) : IncrementLocal(limit, client);
        await LimitAsync(http, limit, usage);
    }

    private async Task LimitConcurrencyAsync(HttpContext http, ClientConcurrencyLimiter open)
    {
        var client = clients.GetKey(http);
        if (!open.TryAcquire(client))
        {
            http.Response.Headers.RetryAfter = ClientConnectionLimit.RetryAfter;
            await RejectionResponse.WriteAsync(http, metrics.Count(RejectReason.TooManyRequests));
            return;
        }
        try
        {
            await next(http);
        }
        finally
        {
            open.Release(client);
        }
    }

    private Task LimitAsync(HttpContext http, RequestLimit limit, in WindowUsage usage) => limit.Apply(usage, http.Response.Headers)
        ? next(http)
        : RejectionResponse.WriteAsync(http, metrics.Count(RejectReason.TooManyRequests));
}
