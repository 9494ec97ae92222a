
namespace Footfall.Hosting;

/// <summary>
/// Responds to requests without an endpoint, and to those that routing rejects (405 with <c>Allow</c>). A fallback route would be simpler,
/// but matches every method, so that routing would never return 405.
/// </summary>
internal sealed class UnmatchedRouteMiddleware(RequestDelegate next, ExceptionResponses responses)
{
    public Task InvokeAsync(HttpContext http) => http.GetEndpoint() switch
    {
        RouteEndpoint => next(http),
        null => responses.WriteStatusAsync(http, StatusCodes.Status404NotFound),
        var endpoint => RunRejectingEndpointAsync(http, endpoint),
    };

    private async Task RunRejectingEndpointAsync(HttpContext http, Endpoint endpoint)
    {
        if (endpoint.RequestDelegate is { } run) await run(http);
        if (ExceptionResponses.LacksErrorBody(http.Response)) await responses.WriteStatusAsync(http, http.Response.StatusCode);
    }
}
