using Footfall.Common;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>
/// Which pages may call the API from a browser (the CORS protocol of the Fetch standard), by the setting <c>AllowedOrigins</c>.
/// <para>
/// <c>navigator.sendBeacon</c> sends its request with credentials. With a <c>text/plain</c> body, which is what a tracker should send, it
/// needs no preflight and nothing is checked. With <c>application/json</c> it needs <c>Access-Control-Allow-Credentials</c>: that is sent
/// only to origins that the setting names, and never under <c>*</c>, because then any page could read what the password of a proxy in front
/// protects.
/// </para>
/// </summary>
internal sealed class CorsOptionsSetup(IOptions<FootfallOptions> options) : IConfigureOptions<CorsOptions>
{
    private static readonly string[] RequestHeaders =
        ["Authorization", "Content-Type", "Content-Encoding", "Idempotency-Key", "Last-Event-ID"];
    private static readonly string[] ResponseHeaders =
        ["RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "ETag"];

    public void Configure(CorsOptions cors) => cors.AddDefaultPolicy(policy =>
    {
        // Browsers cache a preflight for at most two hours (Chromium) or a day (Firefox).
        policy.WithMethods("GET", "POST").WithHeaders(RequestHeaders).WithExposedHeaders(ResponseHeaders)
            .SetPreflightMaxAge(TimeSpan.FromHours(2));
        if (options.Value.AllowedOrigins.Trim() == "*") policy.AllowAnyOrigin();
        else policy.WithOrigins(Split(options.Value.AllowedOrigins)).AllowCredentials();
    });

    /// <summary>Whether a text is <c>*</c>, or origins in browser notation: scheme, host and, unless it is the default, port.</summary>
    public static bool AreValidOrigins(string setting) =>
        setting.Trim() == "*" || (Split(setting) is { Length: > 0 } origins && origins.All(IsOrigin));

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && text.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0;

    private static string[] Split(string setting) =>
        setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
