using Microsoft.Extensions.Primitives;

namespace Footfall.Hosting;

/// <summary>
/// The headers that Helmet 8 sets by default, on every answer. They are set before the endpoint runs, which may replace one, and without an
/// async wrapper or a callback: on the way of every hit.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>
    /// Helmet's default, but: fonts and styles from this server only, because the dashboard brings its own; and without
    /// <c>upgrade-insecure-requests</c>, which leaves a blank page where the server is reached over plain http by another name than localhost.
    /// Swagger UI and the dashboard set styles on elements and draw images from <c>data:</c>; scripts come from files only.
    /// </summary>
    private static readonly StringValues ContentSecurityPolicy =
        "default-src 'self';base-uri 'self';font-src 'self' data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;"
        + "object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' 'unsafe-inline'";

    /// <summary>
    /// On plain http too, as Helmet does: behind a proxy that ends TLS this server can't know, and browsers ignore it over plain http
    /// (RFC 6797, section 8.1).
    /// </summary>
    private static readonly StringValues StrictTransportSecurity = "max-age=31536000; includeSubDomains";

    private static readonly StringValues SameOrigin = "same-origin";

    private static readonly StringValues CrossOrigin = "cross-origin";

    private static readonly StringValues OriginAgentCluster = "?1";
    private static readonly StringValues ReferrerPolicy = "no-referrer";
    private static readonly StringValues ContentTypeOptions = "nosniff";
    private static readonly StringValues DnsPrefetchControl = "off";
    private static readonly StringValues DownloadOptions = "noopen";
    private static readonly StringValues FrameOptions = "SAMEORIGIN";
    private static readonly StringValues CrossDomainPolicies = "none";
    private static readonly StringValues XssProtection = "0";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Cross-Origin-Opener-Policy"] = SameOrigin;
        // A text/plain beacon from a shop's page is a no-cors request: with same-origin the browser reports each one as blocked, counted or not.
        headers["Cross-Origin-Resource-Policy"] = ApiPaths.IsEvents(http.Request) ? CrossOrigin : SameOrigin;
        headers["Origin-Agent-Cluster"] = OriginAgentCluster;
        headers["Referrer-Policy"] = ReferrerPolicy;
        headers.StrictTransportSecurity = StrictTransportSecurity;
        headers.XContentTypeOptions = ContentTypeOptions;
        headers["X-DNS-Prefetch-Control"] = DnsPrefetchControl;
        headers["X-Download-Options"] = DownloadOptions;
        headers.XFrameOptions = FrameOptions;
        headers["X-Permitted-Cross-Domain-Policies"] = CrossDomainPolicies;
        headers.XXSSProtection = XssProtection;
        return next(http);
    }
}
