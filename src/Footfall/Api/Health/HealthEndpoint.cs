using System.Text.Json;
using Footfall.Common;
using Footfall.History;
using Footfall.Journal;

namespace Footfall.Api.Health;

/// <summary>
/// <c>GET /healthz</c>: whether hits are accepted now, and how far the history is behind. A failing history loses no hits, so the status
/// stays 200. <c>/healthcheck</c> only shows that the process responds.
/// </summary>
internal sealed class HealthEndpoint(IJournal journal, HistoryStatus history, IHostApplicationLifetime lifetime)
{
    public Task GetAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (lifetime.ApplicationStopping.IsCancellationRequested) return RejectionResponse.WriteAsync(http, RejectReason.ShuttingDown);
        if (!journal.IsReady) return journal.Fault is { } fault ? RejectionResponse.WriteAsync(http, RejectReason.NotReady, fault)
            : RejectionResponse.WriteAsync(http, RejectReason.NotReady);
        return JsonResponse.WriteAsync(http.Response, Write(history.GetHealth(), journal.Fault));
    }

    private static byte[] Write(HistoryHealth health, string? fault)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, JsonResponse.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("status", "ready");
            if (fault is not null) json.WriteString("journal", fault);
            json.WriteStartObject("history");
            json.WriteString("state", health.State.ToString().ToLowerInvariant());
            json.WriteNumber("lag_seconds", Math.Round(health.LagSeconds, 1));
            json.WriteNumber("lag_commits", health.LagCommits);
            if (health.Error is { } error) json.WriteString("error", error);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
