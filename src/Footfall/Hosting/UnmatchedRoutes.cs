using Footfall.Words;

namespace Footfall.Hosting;

/// <summary>
/// Answers what routing found no endpoint for, and what it refuses by an endpoint of its own (405 with <c>Allow</c>). A fallback route would be
/// simpler, but takes every method, so that routing would never answer 405.
/// </summary>
internal sealed class UnmatchedRoutes(RequestDelegate next, Failures failures)
{
    public Task InvokeAsync(HttpContext http) => http.GetEndpoint() switch
    {
        RouteEndpoint => next(http),
        null => failures.RefuseAsync(http, StatusCodes.Status404NotFound),
        var refusing => RefuseAsync(http, refusing),
    };

    private async Task RefuseAsync(HttpContext http, Endpoint refusing)
    {
        if (refusing.RequestDelegate is { } run) await run(http);
        if (Failures.IsBare(http.Response)) await failures.RefuseAsync(http, http.Response.StatusCode);
    }
}
