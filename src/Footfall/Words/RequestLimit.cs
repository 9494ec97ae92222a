using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Footfall.Words;

/// <summary>Metadata of endpoints: how many requests a minute one client may make to all of them together.</summary>
/// <param name="perMinute">At least 1.</param>
/// <param name="described">
/// Whether every answer says what is left, as express-rate-limit does with <c>standardHeaders: true</c> (draft-ietf-httpapi-ratelimit-headers-06): clients of the original program expect
/// it. Others learn only when to come again, which costs nothing as long as they are within the limit.
/// </param>
internal sealed class RequestLimit(int perMinute, bool described)
{
    /// <summary>Above this many, what remains is written again for each answer.</summary>
    private const int Prepared = 10_000;

    private static readonly StringValues[] Seconds = Numbers(FixedWindowCounters.Window / 1000);

    private readonly StringValues _policy = $"{perMinute};w={FixedWindowCounters.Window / 1000}";
    private readonly StringValues _limit = perMinute.ToString(CultureInfo.InvariantCulture);
    private readonly StringValues[] _remaining = described ? Numbers(Math.Min(perMinute, Prepared)) : [];

    public FixedWindowCounters Counters { get; } = new();

    /// <summary>Whether nodes may count together, where the settings say so.</summary>
    public bool Shared => described;

    /// <summary>Writes the headers of an answer.</summary>
    /// <returns>Whether the request is within the limit.</returns>
    public bool Allows(in RateUse use, IHeaderDictionary headers)
    {
        var reset = Seconds[(use.Left + 999) / 1000];
        if (described)
        {
            var remaining = Math.Max(0, perMinute - use.Count);
            headers["RateLimit-Policy"] = _policy;
            headers["RateLimit-Limit"] = _limit;
            headers["RateLimit-Remaining"] = remaining < _remaining.Length ? _remaining[remaining] : remaining.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Reset"] = reset;
        }
        if (use.Count <= perMinute) return true;
        headers.RetryAfter = reset;
        return false;
    }

    private static StringValues[] Numbers(int last) => [.. Enumerable.Range(0, last + 1).Select(number => new StringValues(number.ToString(CultureInfo.InvariantCulture)))];
}

/// <summary>The limits of the endpoints that take hits. Null where a limit is off: <c>PerMinute=0</c> turns all of them off.</summary>
internal sealed class RequestLimits(IOptions<FootfallOptions> options)
{
    /// <summary>Of <c>/api/v1/stats</c>.</summary>
    public RequestLimit? Stats { get; } = Of(options.Value.RateLimit, options.Value.RateLimit.PerMinute, described: true);

    /// <summary>Of all that brings events.</summary>
    public RequestLimit? Events { get; } = Of(options.Value.RateLimit, options.Value.RateLimit.EventsPerMinute, described: false);

    /// <inheritdoc cref="FixedWindowCounters.Evictions"/>
    public long Evictions => (Stats?.Counters.Evictions ?? 0) + (Events?.Counters.Evictions ?? 0);

    private static RequestLimit? Of(RateLimitOptions settings, int perMinute, bool described) =>
        settings.PerMinute == 0 || perMinute == 0 ? null : new RequestLimit(perMinute, described);
}

internal static class RequestLimitMetadata
{
    public static T WithLimit<T>(this T endpoint, RequestLimit? limit)
        where T : IEndpointConventionBuilder => limit is null ? endpoint : endpoint.WithMetadata(limit);
}
