using Footfall.Common;
using Footfall.Journal;
using Microsoft.AspNetCore.Http.Features;
using Prometheus;

namespace Footfall.Hosting;

/// <summary>
/// <c>GET /metrics</c>: all figures of this process in Prometheus' text format. They are for the operator, and a proxy that keeps others
/// from them knows these two paths to the letter: they are not answered under any other spelling that routing takes for the same.
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
