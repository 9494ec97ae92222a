using Footfall.Common;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Footfall.Live;

/// <summary><c>GET /api/v1/stats/live</c>: server-sent events (HTML Living Standard, 9.2).</summary>
internal sealed class LiveEndpoint(SseHub hub, SiteRegistry sites)
{
    public Task GetAsync(HttpContext http)
    {
        var query = http.Request.QueryString.Value;
        if (NormalizeDomain(QueryStringReader.GetValue(query, "site")) is not { } domain)
            return RejectionResponse.WriteAsync(http, RejectReason.InvalidSite);

        // A proxy tries the next node.
        if (hub.IsStopping) return RejectionResponse.WriteAsync(http, RejectReason.ShuttingDown);

        var headers = http.Response.Headers;
        headers.ContentType = "text/event-stream";
        headers.CacheControl = "no-store";
        // nginx buffers a response unless this header disables it.
        headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // Kestrel's own limit would end a stream at the first pause of a slow client; SseSubscriber gives it longer, and counts it.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;

        // A browser sends the header when it reconnects; a replacement of EventSource may be unable to.
        var id = http.Request.Headers["Last-Event-ID"].ToString();
        return hub.SubscribeAsync(http, domain, id.Length > 0 ? id : QueryStringReader.GetValue(query, "lastEventId").ToString());
    }

    /// <summary>
    /// A site that has sent nothing yet is not an error, and a request for it does not register it: requests must not use up
    /// <see cref="SiteRegistry.MaxSites"/>.
    /// </summary>
    /// <returns>Null if it is not a domain.</returns>
    private string? NormalizeDomain(ReadOnlySpan<char> site) =>
        sites.TryGet(site, out var known) ? known.Domain : SiteRegistry.NormalizeDomain(site.ToString());
}
