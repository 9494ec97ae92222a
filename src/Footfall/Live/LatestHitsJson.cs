using System.Text.Json;
using Footfall.Common;

namespace Footfall.Live;

/// <summary>The latest hits: an array, oldest first.</summary>
internal static class LatestHitsJson
{
    /// <summary>The most hits of one change: more can't be read.</summary>
    private const int MaxPerChange = 2 * LatestHits.MaxPerInterval;

    private static readonly JsonEncodedText Hits = JsonEncodedText.Encode("hits"), Number = JsonEncodedText.Encode("n"),
        Time = JsonEncodedText.Encode("time"),
        Country = JsonEncodedText.Encode("country"), Name = JsonEncodedText.Encode("name"), Page = JsonEncodedText.Encode("page"),
        Item = JsonEncodedText.Encode("item"),
        Value = JsonEncodedText.Encode("value"), Currency = JsonEncodedText.Encode("currency"), Visit = JsonEncodedText.Encode("visit");

    /// <param name="after">The number of the last one that a client has; 0 to write all.</param>
    public static void Write(Utf8JsonWriter json, List<LatestHit> hits, long after)
    {
        json.WriteStartArray(Hits);
        foreach (var hit in hits)
            if (hit.Number > after && (after == 0 || hit.Number > hits[^1].Number - MaxPerChange)) Write(json, hit);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, in LatestHit hit)
    {
        json.WriteStartObject();
        json.WriteNumber(Number, hit.Number);
        LiveJson.WriteTime(json, Time, hit.Time);
        json.WriteString(Country, LiveJson.Codes[hit.Country.Index]);
        json.WriteString(Name, hit.Name);
        if (hit.Page is not null) json.WriteString(Page, hit.Page);
        if (hit.Item is not null) json.WriteString(Item, hit.Item);
        if (hit.Value is { } value) json.WriteNumber(Value, Decimals.TrimZeros(value));
        if (hit.Currency is not null) json.WriteString(Currency, hit.Currency);
        if (hit.OpenedVisit) json.WriteBoolean(Visit, true);
        json.WriteEndObject();
    }
}
