namespace Footfall.Hosting;

/// <summary>
/// Content-Security-Policy: Helmet's default, but fonts and styles only from this server, because the pages include their own; and without
/// upgrade-insecure-requests, which leaves a blank page where the server is reached over plain http by another name than localhost. Swagger
/// UI and the pages set styles on elements and draw images from data:. Scripts come from files, and none may evaluate strings as code.
/// </summary>
internal static class ContentSecurityPolicy
{
    /// <summary>For all responses except pages.</summary>
    public static readonly string Default = Build([]);

    /// <param name="scripts">The inline scripts of the page, each by its hash: the page is the same for everyone, so no nonce is
    /// needed.</param>
    /// <param name="inlineStyles">Whether elements may have inline styles.</param>
    public static string Build(IReadOnlyList<string> scripts, bool inlineStyles = true) =>
        "default-src 'self';base-uri 'self';font-src 'self' data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;"
        + $"object-src 'none';script-src {string.Join(' ', ["'self'", .. scripts])};script-src-attr 'none';style-src " +
            $"'self'{(inlineStyles ? " 'unsafe-inline'" : "")}";
}
