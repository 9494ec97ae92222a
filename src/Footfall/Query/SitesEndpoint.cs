using System.Buffers;
using System.Text.Json;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Query;

/// <summary>
/// <c>GET /api/v1/sites</c>: the sites that a dashboard can show, first the one that it opens. Those of the settings in their order, and then others with a visit, in alphabetical order; the default
/// one is among them, before the others, if it has a visit, or if there is no other.
/// </summary>
internal sealed class SitesEndpoint(Sites sites, IJournal journal)
{
    public Task GetAsync(HttpContext http)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, JsonAnswer.Readable)) Write(json);
        http.Response.Headers.CacheControl = "no-store";
        return JsonAnswer.WriteAsync(http.Response, body.WrittenMemory);
    }

    private void Write(Utf8JsonWriter json)
    {
        var all = sites.All.ToList();
        json.WriteStartObject();
        json.WriteStartArray("sites");
        foreach (var site in all.Where(site => site != sites.Default || all.Count == 1 || journal.Counters.Of(site) is not null)
            .OrderBy(Place).ThenBy(site => site.Domain, StringComparer.Ordinal))
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

    private int Place(Site site) => sites.AreNamed && sites.Takes(site) ? site.Index : site == sites.Default ? int.MaxValue - 1 : int.MaxValue;
}
