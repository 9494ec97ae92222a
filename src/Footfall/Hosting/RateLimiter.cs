using Footfall.Journal.Redis;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>Refuses requests of a client that has used up the <see cref="RequestLimit"/> or the <see cref="ConnectionLimit"/> of the endpoint.</summary>
internal sealed class RateLimiter(
    RequestDelegate next, IClients clients, HostingMetrics metrics, IOptions<FootfallOptions> options, TimeProvider time, IServiceProvider services)
{
    private readonly long _started = time.GetTimestamp();

    private readonly RedisRates? _shared = options.Value is { Journal: JournalKind.Redis, RateLimit.Scope: RateLimitScope.Cluster }
        ? services.GetRequiredService<RedisRates>()
        : null;

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata is not { } metadata) return next(http);
        if (metadata.GetMetadata<RequestLimit>() is not { } limit) return metadata.GetMetadata<ConnectionLimit>() is { } connections ? HoldAsync(http, connections.Open) : next(http);
        var client = clients.KeyOf(http);
        return _shared is not null && limit.Shared ? TakeSharedAsync(http, limit, client, _shared) : LimitAsync(http, limit, TakeHere(limit, client));
    }

    // Monotonic: a clock that is set does not give or take a window.
    private RateUse TakeHere(RequestLimit limit, ulong client) => limit.Counters.Take(client, (long)time.GetElapsedTime(_started).TotalMilliseconds);

    private async Task TakeSharedAsync(HttpContext http, RequestLimit limit, ulong client, RedisRates shared)
    {
        var use = await shared.TakeAsync(client, FixedWindowCounters.Window) is { } taken ? new RateUse(taken.Count, taken.Left) : TakeHere(limit, client);
        await LimitAsync(http, limit, use);
    }

    private async Task HoldAsync(HttpContext http, ClientCounts open)
    {
        var client = clients.KeyOf(http);
        if (!open.TryEnter(client))
        {
            http.Response.Headers.RetryAfter = ConnectionLimit.RetryAfter;
            await Refusal.WriteAsync(http, metrics.Count(RejectReason.TooManyRequests));
            return;
        }
        try
        {
            await next(http);
        }
        finally
        {
            open.Leave(client);
        }
    }

    private Task LimitAsync(HttpContext http, RequestLimit limit, in RateUse use) => limit.Allows(use, http.Response.Headers)
        ? next(http)
        : Refusal.WriteAsync(http, metrics.Count(RejectReason.TooManyRequests));
}
