using System.Buffers;
using System.Text.Json;
using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Api;

/// <summary>
/// <c>GET /api/v1/sites</c>: the sites that a dashboard can show, starting with the one that it opens. First the sites of the settings in
/// their order, then others with a visit in alphabetical order; the default site precedes these if it has a visit or is the only one.
/// </summary>
internal sealed class SitesEndpoint(SiteRegistry sites, IJournal journal)
{
    public Task GetAsync(HttpContext http)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, JsonResponse.WriterOptions)) Write(json);
        http.Response.Headers.CacheControl = "no-store";
        return JsonResponse.WriteAsync(http.Response, body.WrittenMemory);
    }

    private void Write(Utf8JsonWriter json)
    {
        var all = sites.All.ToList();
        json.WriteStartObject();
        json.WriteStartArray("sites");
        foreach (var site in all.Where(site => site != sites.Default || all.Count == 1 || journal.Counters.Find(site) is not null)
            .OrderBy(SortIndex).ThenBy(site => site.Domain, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("site", site.Domain);
            json.WriteString("time_zone", site.TimeZone.Id);
            json.WriteString("currency", site.Currency);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private int SortIndex(Site site) =>
        sites.AreConfigured && sites.Accepts(site) ? site.Index : site == sites.Default ? int.MaxValue - 1 : int.MaxValue;
}
