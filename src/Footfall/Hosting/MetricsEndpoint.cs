using Footfall.Common;
using Footfall.Journal;
using Microsoft.AspNetCore.Http.Features;
using Prometheus;

namespace Footfall.Hosting;

/// <summary>
/// <c>GET /metrics</c>: all metrics of this process in the Prometheus text format. They are for the operator, and a proxy that blocks
/// others matches these two paths literally: no other spelling that routing considers equal is served.
/// </summary>
internal sealed class MetricsEndpoint(CollectorRegistry registry, ProcessMetrics process, IJournal journal, JournalMetrics journalMetrics)
{
    public const string Path = "/metrics", ApiPath = "/api/v1/metrics";

    public Task GetAsync(HttpContext http)
    {
        if (!IsExactPath(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget))
            return RejectionResponse.WriteAsync(http, RejectReason.NotFound);
        process.Update();
        journalMetrics.SetQueueLength(journal.QueueLength);
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }

    private static bool IsExactPath(string target) =>
        target.AsSpan(0, target.IndexOf('?') is >= 0 and var query ? query : target.Length) is Path or ApiPath;
}
