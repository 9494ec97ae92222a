using System.Text.Json;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Query;

/// <summary><c>GET /api/v1/stats</c>: visits by country, most first.</summary>
internal sealed class StatsAnswer(IJournal journal, Sites sites)
{
    public Task GetAsync(HttpContext http)
    {
        sites.TryGet("", out var site);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (journal.Counters.Of(site!) is { } counters)
                foreach (var country in Country.All.Append(Country.Unknown).Where(c => counters.Visits(c) > 0).OrderByDescending(counters.Visits))
                    json.WriteNumber(country.LowerCode, counters.Visits(country));
            json.WriteEndObject();
        }
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.Body.WriteAsync(bytes.ToArray()).AsTask();
    }
}
