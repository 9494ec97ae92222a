using System.Collections.Concurrent;
using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Api.Stats;

/// <summary>
/// <c>GET /api/v1/stats</c>: visits by country, most first. The body is cached in memory, and rebuilt only after a commit that changed a
/// counter of the site.
/// </summary>
internal sealed class VisitCountsEndpoint(IJournal journal, SiteRegistry sites)
{
    private readonly ConcurrentDictionary<Site, CachedStatsBody> _bodies = [];

    public Task GetAsync(HttpContext http)
    {
        var reason = FindSite(http.Request, out var site);
        if (reason != RejectReason.None) return RejectionResponse.WriteAsync(http, reason);
        var counting = site is null ? FindOnOtherNodeAsync(http.Request) : journal.ReadCountersAsync(site);
        return counting.IsCompletedSuccessfully ? Write(http, GetBody(site, counting.Result)) : WaitAndWriteAsync(http, site, counting);
    }

    private async Task WaitAndWriteAsync(HttpContext http, Site? site, ValueTask<SiteCounters?> counting)
    {
        SiteCounters? counters;
        try
        {
            counters = await counting;
        }
        catch (IOException)
        {
            await RejectionResponse.WriteAsync(http, RejectReason.JournalUnreadable);
            return;
        }
        await Write(http, GetBody(site, counters));
    }

    private static Task Write(HttpContext http, CachedStatsBody stats)
    {
        var response = http.Response;
        response.Headers.ETag = stats.ETag;
        response.Headers.CacheControl = "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (ContentNegotiation.MatchesETag(http.Request.Headers.IfNoneMatch, stats.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        var body = stats.GetEncoded(http.Request.Headers.AcceptEncoding, out var encoding);
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        response.ContentType = JsonResponse.ContentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(body).AsTask();
    }

    /// <summary>A site that has sent nothing yet is not an error: its response is <c>{}</c>.</summary>
    private RejectReason FindSite(HttpRequest request, out Site? site)
    {
        site = sites.Unnamed;
        if (!request.QueryString.HasValue) return RejectReason.None;
        var domain = QueryStringReader.GetValue(request.QueryString.Value, "site");
        if (sites.TryGet(domain, out site)) return RejectReason.None;
        if (SiteRegistry.NormalizeDomain(domain.ToString()) is not { } normalised) return RejectReason.InvalidSite;
        sites.TryGet(normalised, out site);
        return RejectReason.None;
    }

    /// <summary>Another node may have visits of a site that this node does not know.</summary>
    private async ValueTask<SiteCounters?> FindOnOtherNodeAsync(HttpRequest request) =>
        SiteRegistry.NormalizeDomain(QueryStringReader.GetValue(request.QueryString.Value, "site").ToString()) is { } domain
            && await journal.FindSiteAsync(domain) is { } site
            ? await journal.ReadCountersAsync(site)
            : null;

    private CachedStatsBody GetBody(Site? site, SiteCounters? counters)
    {
        if (counters is null) return CachedStatsBody.Empty;
        // Read before the counters: a commit in between makes the body newer than its version, and the next request rebuilds it.
        var version = counters.Version;
        if (site is null) return CachedStatsBody.Build(counters, version);
        if (_bodies.TryGetValue(site, out var cached) && cached.Version == version) return cached;
        return _bodies[site] = CachedStatsBody.Build(counters, version);
    }
}
