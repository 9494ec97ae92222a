using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Footfall.Common;

/// <summary>Metadata of endpoints: how many requests per minute one client may make to all of them together.</summary>
/// <param name="perMinute">At least 1.</param>
/// <param name="standardHeaders"> Whether every response shows the remaining requests, as express-rate-limit does with <c>standardHeaders:
/// true</c> (draft-ietf-httpapi-ratelimit-headers-06): clients of the original program expect it. Others only learn when to retry, which
/// costs nothing within the limit. </param>
/// <param name="sets">The number of counter sets: eight times as many clients are distinguished.</param>
internal sealed class RequestLimit(int perMinute, bool standardHeaders, int sets)
{
    /// <summary>Above this number, the remaining count is formatted for each response.</summary>
    private const int MaxPrepared = 10_000;

    private static readonly StringValues[] Seconds = PrepareNumbers(FixedWindowCounters.WindowMilliseconds / 1000);

    private readonly StringValues _policy = $"{perMinute};w={FixedWindowCounters.WindowMilliseconds / 1000}";
    private readonly StringValues _limit = perMinute.ToString(CultureInfo.InvariantCulture);
    private readonly StringValues[] _remaining = standardHeaders ? PrepareNumbers(Math.Min(perMinute, MaxPrepared)) : [];

    public FixedWindowCounters Counters { get; } = new(sets);

    /// <summary>Whether nodes may count together, if the settings say so.</summary>
    public bool CanBeShared => standardHeaders;

    /// <summary>Writes the headers of a response.</summary>
    /// <returns>Whether the request is within the limit.</returns>
    public bool Apply(in WindowUsage usage, IHeaderDictionary headers)
    {
        var reset = Seconds[(usage.MillisecondsLeft + 999) / 1000];
        if (standardHeaders)
        {
            var remaining = Math.Max(0, perMinute - usage.Count);
            headers["RateLimit-Policy"] = _policy;
            headers["RateLimit-Limit"] = _limit;
            headers["RateLimit-Remaining"] = remaining < _remaining.Length ? _remaining[remaining]
                : remaining.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Reset"] = reset;
        }
        if (usage.Count <= perMinute) return true;
        headers.RetryAfter = reset;
        return false;
    }

    private static StringValues[] PrepareNumbers(int last) =>
        [.. Enumerable.Range(0, last + 1).Select(number => new StringValues(number.ToString(CultureInfo.InvariantCulture)))];
}

/// <summary>Metadata of endpoints: how many long-running requests one client may have open.</summary>
internal sealed class ClientConnectionLimit(int maxConnections)
{
    /// <summary>In seconds: it is unknown when one of them ends.</summary>
    public const string RetryAfter = "10";

    public ClientConcurrencyLimiter Limiter { get; } = new(maxConnections);
}

/// <summary>The limits per client. Null if a limit is off: <c>PerMinute=0</c> turns all of them off.</summary>
internal sealed class RequestLimits(IOptions<FootfallOptions> options)
{
    /// <summary>
    /// A million clients that send hits (16 MiB if all are in use), and 65,000 that run queries (1 MiB). Beyond that the limits are
    /// lenient.
    /// </summary>
    private const int WriterSets = 1 << 17, ReaderSets = 1 << 13;

    /// <summary>The limit of <c>/api/v1/stats</c>.</summary>
    public RequestLimit? Stats { get; } = Create(options.Value.RateLimit, options.Value.RateLimit.PerMinute, WriterSets, described: true);

    /// <summary>The limit of all endpoints for events.</summary>
    public RequestLimit? Events { get; } = Create(options.Value.RateLimit, options.Value.RateLimit.EventsPerMinute, WriterSets);

    public RequestLimit? Queries { get; } = Create(options.Value.RateLimit, options.Value.RateLimit.QueriesPerMinute, ReaderSets);

    public RequestLimit? Exports { get; } = Create(options.Value.RateLimit, options.Value.RateLimit.ExportsPerMinute, ReaderSets);

    public ClientConnectionLimit? LiveConnections { get; } =
        options.Value.RateLimit is { PerMinute: > 0, LiveConnections: > 0 and var maxConnections }
            ? new ClientConnectionLimit(maxConnections) : null;

    /// <inheritdoc cref="FixedWindowCounters.Evictions"/>
    public long Evictions => ((RequestLimit?[])[Stats, Events, Queries, Exports]).Sum(limit => limit?.Counters.Evictions ?? 0);

    private static RequestLimit? Create(RateLimitOptions settings, int perMinute, int sets, bool described = false) =>
        settings.PerMinute == 0 || perMinute == 0 ? null : new RequestLimit(perMinute, described, sets);
}

internal static class RequestLimitExtensions
{
    public static T WithLimit<T>(this T endpoint, object? limit)
        where T : IEndpointConventionBuilder => limit is null ? endpoint : endpoint.WithMetadata(limit);
}
