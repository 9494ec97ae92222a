using System.Text.Json;
using Footfall.History;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Hosting;

/// <summary>
/// <c>GET /healthz</c>: whether hits are taken now, and how far the history is behind them. A history that fails takes no hit away, and the status stays 200.
/// <c>/healthcheck</c> only says that the process answers.
/// </summary>
internal sealed class HealthEndpoint(IJournal journal, HistoryStatus history, IHostApplicationLifetime lifetime)
{
    public Task GetAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (lifetime.ApplicationStopping.IsCancellationRequested) return Refusal.WriteAsync(http, RejectReason.ShuttingDown);
        if (!journal.Ready) return journal.Trouble is { } trouble ? Refusal.WriteAsync(http, RejectReason.NotReady, trouble) : Refusal.WriteAsync(http, RejectReason.NotReady);
        return JsonAnswer.WriteAsync(http.Response, Write(history.Health(), journal.Trouble));
    }

    private static byte[] Write(HistoryHealth health, string? trouble)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, JsonAnswer.Readable))
        {
            json.WriteStartObject();
            json.WriteString("status", "ready");
            if (trouble is not null) json.WriteString("journal", trouble);
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
