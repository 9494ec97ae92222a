using Footfall.Common;
using Microsoft.Extensions.Primitives;

namespace Footfall.Hosting;

/// <summary>
/// The default headers of Helmet 8, on every response. They are set before the endpoint runs, without an async wrapper or callback.
/// Endpoints other than those of hits may replace them.
/// </summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    private static readonly KeyValuePair<string, StringValues>[] SameOrigin = BuildHeaders("same-origin");

    /// <summary>
    /// A text/plain beacon from a shop's page is a no-cors request: with same-origin the browser reports each one as blocked, counted or
    /// not.
    /// </summary>
    private static readonly KeyValuePair<string, StringValues>[] CrossOrigin = BuildHeaders("cross-origin");

    private readonly HeaderBlock _sameOrigin = new(SameOrigin);
    private readonly HeaderBlock _crossOrigin = new(CrossOrigin);

    public Task InvokeAsync(HttpContext http)
    {
        // If nothing is replaced, they are one block.
        if (EndpointNeeds.Get(http) is { NonBlocking: true } needs) (needs.CrossOrigin ? _crossOrigin : _sameOrigin).Set(http);
        else HeaderBlock.SetEach(http.Response.Headers, SameOrigin);
        return next(http);
    }

    private static KeyValuePair<string, StringValues>[] BuildHeaders(string resourcePolicy) =>
    [
        new("Content-Security-Policy", ContentSecurityPolicy.Default),
        new("Cross-Origin-Opener-Policy", "same-origin"),
        new("Cross-Origin-Resource-Policy", resourcePolicy),
        new("Origin-Agent-Cluster", "?1"),
        new("Referrer-Policy", "no-referrer"),
        // On plain HTTP too, like Helmet: behind a proxy that terminates TLS this server can't know, and browsers ignore it over plain http
        // (RFC 6797, section 8.1). Without includeSubDomains: behind a shop's own domain it would bind all of the shop's other hosts for a
        // year.
        new("Strict-Transport-Security", "max-age=31536000"),
        new("X-Content-Type-Options", "nosniff"),
        new("X-DNS-Prefetch-Control", "off"),
        new("X-Download-Options", "noopen"),
        new("X-Frame-Options", "SAMEORIGIN"),
        new("X-Permitted-Cross-Domain-Policies", "none"),
        new("X-XSS-Protection", "0"),
    ];
}
