using Footfall.Common;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Footfall.Hosting.Web;

/// <summary>
/// Serves the pages: paths without an endpoint that a browser may get. Files with a hash in their name are cached forever, the tracker for
/// an hour; the others are revalidated each time, with 304 if unchanged.
/// </summary>
internal sealed class WebPageMiddleware(RequestDelegate next, WebFiles files, SiteRegistry sites, IOptions<FootfallOptions> options)
{
    /// <summary>The site that the demo shop counts as.</summary>
    public const string DemoSite = "demo.example";

    public const string MissingPagesMessage =
        "Footfall runs, but was built without its pages: install Node.js 20.9 or later and build it again. The API is at /api/v1/docs.\n";

    private const string CacheForever = "public, max-age=31536000, immutable", CacheRevalidate = "no-cache";

    /// <summary>A shop's page never waits for a new tracker: it uses the old one until the new one is loaded.</summary>
    private const string CacheHour = "public, max-age=3600, stale-while-revalidate=86400";

    /// <summary>The tokens of Accept-Encoding and the endings of the files, the best first.</summary>
    private static readonly (string Token, string Ending)[] Encodings = [("br", "br"), ("gzip", "gz")];

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not null || http.Request.Path.Value is not { } path
            || !(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))) return next(http);
        if (files.Find(path) is { } file && (!file.Demo || HasDemo)) return SendAsync(http, file, StatusCodes.Status200OK);
        if (path == "/" && !files.HasFiles) return WriteMissingPagesAsync(http);
        return files.NotFound is { } page && AcceptsHtml(http.Request) ? SendAsync(http, page, StatusCodes.Status404NotFound) : next(http);
    }

    /// <summary>
    /// If the settings name the shops, the demo is served only if it is one of them: otherwise its hits would be rejected.
    /// </summary>
    private bool HasDemo => options.Value.Demo && (!sites.AreConfigured || sites.TryGet(DemoSite, out _));

    /// <summary>Whether the request comes from a person's browser, not from an API client.</summary>
    private static bool AcceptsHtml(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api")
            && request.Headers.Accept.Any(accepted => accepted?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);

    private static Task WriteMissingPagesAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(MissingPagesMessage);
    }

    private async Task SendAsync(HttpContext http, WebFile file, int status)
    {
        var headers = http.Response.Headers;
        var (token, extension) = SelectEncoding(http.Request, file);
        var etag = $"\"{file.Tag}{(token is null ? "" : $"-{token}")}\"";
        headers.ETag = etag;
        headers.CacheControl = file.Immutable ? CacheForever : file.Shared ? CacheHour : CacheRevalidate;
        if (file.Shared) headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (file.Encodings is { Count: > 0 }) headers.Vary = HeaderNames.AcceptEncoding;
        if (file.IsPage) headers.ContentSecurityPolicy = ContentSecurityPolicy.Build(file.Scripts!, inlineStyles: !file.Demo);
        if (status == StatusCodes.Status200OK && ContentNegotiation.MatchesETag(http.Request.Headers.IfNoneMatch, etag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.StatusCode = status;
        headers.ContentType = file.Type;
        if (token is not null) headers.ContentEncoding = token;
        var info = new FileInfo(Path.Combine(files.Directory, extension is null ? file.File : $"{file.File}.{extension}"));
        http.Response.ContentLength = info.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.SendFileAsync(info.FullName, http.RequestAborted);
    }

    private static (string? Token, string? Ending) SelectEncoding(HttpRequest request, WebFile file)
    {
        var available = Encodings.Where(encoding => file.Encodings?.Contains(encoding.Ending) == true).ToList();
        var token = ContentNegotiation.SelectEncoding(request.Headers.AcceptEncoding, [.. available.Select(encoding => encoding.Token)]);
        return available.FirstOrDefault(encoding => encoding.Token == token);
    }
}
