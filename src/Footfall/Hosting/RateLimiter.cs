using Footfall.Enrich;
using Footfall.Journal.Redis;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>Refuses requests to endpoints with a <see cref="RequestLimit"/> that are more than one client may make in a minute.</summary>
internal sealed class RateLimiter(
    RequestDelegate next, ClientAddresses addresses, HostingMetrics metrics, IOptions<FootfallOptions> options, TimeProvider time, IServiceProvider services)
{
    private readonly long _started = time.GetTimestamp();

    private readonly RedisRates? _shared = options.Value is { Journal: JournalKind.Redis, RateLimit.Scope: RateLimitScope.Cluster }
        ? services.GetRequiredService<RedisRates>()
        : null;

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequestLimit>() is not { } limit) return next(http);
        var client = FixedWindowCounters.KeyOf(addresses.Of(http).Address);
        return _shared is not null && limit.Shared ? TakeSharedAsync(http, limit, client, _shared) : LimitAsync(http, limit, TakeHere(limit, client));
    }

    // Monotonic: a clock that is set does not give or take a window.
    private RateUse TakeHere(RequestLimit limit, ulong client) => limit.Counters.Take(client, (long)time.GetElapsedTime(_started).TotalMilliseconds);

    private async Task TakeSharedAsync(HttpContext http, RequestLimit limit, ulong client, RedisRates shared)
    {
        var use = await shared.TakeAsync(client, FixedWindowCounters.Window) is { } taken ? new RateUse(taken.Count, taken.Left) : TakeHere(limit, client);
        await LimitAsync(http, limit, use);
    }

    private Task LimitAsync(HttpContext http, RequestLimit limit, in RateUse use) => limit.Allows(use, http.Response.Headers)
        ? next(http)
        : Refusal.WriteAsync(http, metrics.Count(RejectReason.TooManyRequests));
}
