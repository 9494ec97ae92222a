using System.Collections.Concurrent;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Query;

/// <summary>
/// <c>GET /api/v1/stats</c>: visits by country, most first. The body stands ready in memory, and is made anew only after a commit that moved
/// a counter of the site.
/// </summary>
internal sealed class StatsAnswer(IJournal journal, Sites sites)
{
    private readonly ConcurrentDictionary<Site, PreparedStats> _prepared = [];

    public Task GetAsync(HttpContext http)
    {
        var reason = SiteOf(http.Request, out var site);
        if (reason != RejectReason.None) return Refusal.WriteAsync(http, reason);
        var counting = site is null ? OfOtherNodeAsync(http.Request) : journal.CountersAsync(site);
        return counting.IsCompletedSuccessfully ? Write(http, Prepare(site, counting.Result)) : WriteLaterAsync(http, site, counting);
    }

    private async Task WriteLaterAsync(HttpContext http, Site? site, ValueTask<SiteCounters?> counting)
    {
        SiteCounters? counters;
        try
        {
            counters = await counting;
        }
        catch (IOException)
        {
            await Refusal.WriteAsync(http, RejectReason.JournalUnreadable);
            return;
        }
        await Write(http, Prepare(site, counters));
    }

    private static Task Write(HttpContext http, PreparedStats stats)
    {
        var response = http.Response;
        response.Headers.ETag = stats.ETag;
        response.Headers.CacheControl = "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (Negotiation.Has(http.Request.Headers.IfNoneMatch, stats.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        var body = stats.Encoded(http.Request.Headers.AcceptEncoding, out var encoding);
        if (encoding is not null) response.Headers.ContentEncoding = encoding;
        response.ContentType = JsonAnswer.ContentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(body).AsTask();
    }

    /// <summary>A site that has sent nothing yet is no error: its answer is <c>{}</c>.</summary>
    private RejectReason SiteOf(HttpRequest request, out Site? site)
    {
        site = sites.Unnamed;
        if (!request.QueryString.HasValue) return RejectReason.None;
        var domain = QueryReader.Find(request.QueryString.Value, "site");
        if (sites.TryGet(domain, out site)) return RejectReason.None;
        if (Sites.Normalise(domain.ToString()) is not { } normalised) return RejectReason.InvalidSite;
        sites.TryGet(normalised, out site);
        return RejectReason.None;
    }

    /// <summary>Of a site that this node does not know another one may have visits.</summary>
    private async ValueTask<SiteCounters?> OfOtherNodeAsync(HttpRequest request) =>
        Sites.Normalise(QueryReader.Find(request.QueryString.Value, "site").ToString()) is { } domain && await journal.FindSiteAsync(domain) is { } site
            ? await journal.CountersAsync(site)
            : null;

    private PreparedStats Prepare(Site? site, SiteCounters? counters)
    {
        if (counters is null) return PreparedStats.Empty;
        // Read before the counters: a commit in between makes the body newer than its version, and the next request makes it again.
        var version = counters.Version;
        if (site is null) return PreparedStats.Of(counters, version);
        if (_prepared.TryGetValue(site, out var prepared) && prepared.Version == version) return prepared;
        return _prepared[site] = PreparedStats.Of(counters, version);
    }
}
