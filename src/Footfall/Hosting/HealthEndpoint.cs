using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Hosting;

/// <summary><c>GET /healthz</c>: whether hits are taken now. <c>/healthcheck</c> only says that the process answers.</summary>
internal sealed class HealthEndpoint(IJournal journal, IHostApplicationLifetime lifetime)
{
    private static readonly byte[] Ready = """{"status":"ready"}"""u8.ToArray();

    public Task GetAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (lifetime.ApplicationStopping.IsCancellationRequested) return Refusal.WriteAsync(http, RejectReason.ShuttingDown);
        if (!journal.Ready) return Refusal.WriteAsync(http, RejectReason.NotReady);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = Ready.Length;
        return http.Response.Body.WriteAsync(Ready).AsTask();
    }
}
