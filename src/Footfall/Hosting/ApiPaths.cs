namespace Footfall.Hosting;

/// <summary>The paths that the middleware tells apart before routing has. Routing ignores case and one slash at the end, and so do these.</summary>
internal static class ApiPaths
{
    public const string Stats = "/api/v1/stats";
    public const string Events = "/api/v1/events";

    public const string Health = "/healthz", ApiHealth = "/api/v1/healthz";

    /// <summary>The second is Plausible's own path.</summary>
    private const string Query = "/api/v1/query", PlausibleQuery = "/api/v2/query";

    public static bool IsStats(HttpRequest request) => Is(request.Path.Value, Stats);

    public static bool IsEvents(HttpRequest request) => Is(request.Path.Value, Events);

    public static bool IsQuery(HttpRequest request) => Is(request.Path.Value, Query) || Is(request.Path.Value, PlausibleQuery);

    /// <summary>
    /// Whether the thread that reads the socket answers: what is on the way of hits never blocks it, nor does the health, which must not
    /// wait for a thread of a busy pool. By path, since routing
    /// comes later.
    /// </summary>
    public static bool IsHot(HttpRequest request) => IsStats(request) || IsEvents(request) || IsHealth(request);

    private static bool IsHealth(HttpRequest request) => Is(request.Path.Value, Health) || Is(request.Path.Value, ApiHealth);

    /// <summary>Whether answers are compressed by middleware. The stats endpoint brings its own compressed bytes, the live stream must not be held back, and answers of the events endpoint are short.</summary>
    public static bool IsCompressed(HttpRequest request) =>
        request.Path.Value is not { } path || !(path.StartsWith(Stats, StringComparison.OrdinalIgnoreCase) || path.StartsWith(Events, StringComparison.OrdinalIgnoreCase));

    private static bool Is(string? path, string known) =>
        path is not null
        && (path.Length == known.Length || (path.Length == known.Length + 1 && path[^1] == '/'))
        && path.StartsWith(known, StringComparison.OrdinalIgnoreCase);
}
