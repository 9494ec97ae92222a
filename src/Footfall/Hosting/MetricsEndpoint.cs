using Prometheus;

namespace Footfall.Hosting;

/// <summary><c>GET /metrics</c>: all figures of this process in Prometheus' text format.</summary>
internal sealed class MetricsEndpoint(CollectorRegistry registry, ProcessMetrics process)
{
    public Task GetAsync(HttpContext http)
    {
        process.Update();
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return registry.CollectAndExportAsTextAsync(http.Response.Body, http.RequestAborted);
    }
}
