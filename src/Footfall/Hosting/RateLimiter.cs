using System.Globalization;
using Footfall.Enrich;
using Footfall.Journal.Redis;
using Footfall.Words;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Footfall.Hosting;

/// <summary>
/// The limit of requests a minute from one client on <c>/api/v1/stats</c>, whatever their method. It counts and tells as express-rate-limit
/// does with <c>standardHeaders: true</c> (draft-ietf-httpapi-ratelimit-headers-06), because the original program's clients expect that.
/// </summary>
internal sealed class RateLimiter
{
    /// <summary>Above this many, what remains is written anew for each answer.</summary>
    private const int Prepared = 10_000;

    private static readonly StringValues[] Seconds = Numbers(RateTable.Window / 1000);

    private readonly RequestDelegate _next;
    private readonly ClientAddresses _addresses;
    private readonly RateTable _table;
    private readonly RedisRates? _shared;
    private readonly HostingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly int _limit;
    private readonly StringValues _policy, _limitText;
    private readonly StringValues[] _remaining;

    public RateLimiter(RequestDelegate next, ClientAddresses addresses, RateTable table, HostingMetrics metrics, IOptions<FootfallOptions> options, TimeProvider time, IServiceProvider services)
    {
        if (options.Value is { Journal: JournalKind.Redis, RateLimit.Scope: RateLimitScope.Cluster }) _shared = services.GetRequiredService<RedisRates>();
        (_next, _addresses, _table, _metrics, _time) = (next, addresses, table, metrics, time);
        _started = time.GetTimestamp();
        _limit = options.Value.RateLimit.PerMinute;
        _limitText = _limit.ToString(CultureInfo.InvariantCulture);
        _policy = $"{_limit};w={RateTable.Window / 1000}";
        _remaining = Numbers(Math.Min(_limit, Prepared));
    }

    public Task InvokeAsync(HttpContext http)
    {
        if (!ApiPaths.IsStats(http.Request)) return _next(http);
        var client = RateTable.KeyOf(_addresses.Of(http).Address);
        return _shared is null ? Limit(http, TakeHere(client)) : TakeSharedAsync(http, client, _shared);
    }

    // Monotonic: a clock that is set does not give or take a window.
    private RateUse TakeHere(ulong client) => _table.Take(client, (long)_time.GetElapsedTime(_started).TotalMilliseconds);

    private async Task TakeSharedAsync(HttpContext http, ulong client, RedisRates shared)
    {
        var use = await shared.TakeAsync(client, RateTable.Window) is { } taken ? new RateUse(taken.Count, taken.Left) : TakeHere(client);
        await Limit(http, use);
    }

    private Task Limit(HttpContext http, in RateUse use)
    {
        var remaining = Math.Max(0, _limit - use.Count);
        var reset = Seconds[(use.Left + 999) / 1000];
        var headers = http.Response.Headers;
        headers["RateLimit-Policy"] = _policy;
        headers["RateLimit-Limit"] = _limitText;
        headers["RateLimit-Remaining"] = remaining < _remaining.Length ? _remaining[remaining] : remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = reset;
        if (use.Count <= _limit) return _next(http);
        headers.RetryAfter = reset;
        return Refusal.WriteAsync(http, _metrics.Count(RejectReason.TooManyRequests));
    }

    private static StringValues[] Numbers(int last) => [.. Enumerable.Range(0, last + 1).Select(number => new StringValues(number.ToString(CultureInfo.InvariantCulture)))];
}
