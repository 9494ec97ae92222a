using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Footfall.Common;

namespace Footfall.Live;

/// <summary>The data of the two events: <c>docs/live.md</c> explains how clients use them.</summary>
internal static class LiveJson
{
    /// <summary>The lower-case code of each country, by its index.</summary>
    public static readonly JsonEncodedText[] Codes =
        [.. Enumerable.Range(0, Country.Count).Select(i => JsonEncodedText.Encode(new Country((ushort)i).LowerCode))];

    private static readonly JsonEncodedText SiteName = JsonEncodedText.Encode("site"), TimeName = JsonEncodedText.Encode("time"),
        TotalName = JsonEncodedText.Encode("total"), TodayName = JsonEncodedText.Encode("today"),
        MinutesName = JsonEncodedText.Encode("minutes"),
        MinuteName = JsonEncodedText.Encode("minute"), VisitsName = JsonEncodedText.Encode("visits"),
        ActiveName = JsonEncodedText.Encode("active"),
        CurrencyName = JsonEncodedText.Encode("currency");

    /// <summary>Writes a whole snapshot; counts of 0 are left out.</summary>
    public static void WriteSnapshot(Utf8JsonWriter json, string domain, string currency, LiveSnapshot snapshot)
    {
        json.WriteStartObject();
        json.WriteString(SiteName, domain);
        json.WriteString(CurrencyName, currency);
        WriteTime(json, TimeName, snapshot.TakenAt.Milliseconds);
        WriteAll<long>(json, TotalName, snapshot.Total, snapshot.Countries);
        WriteAll<long>(json, TodayName, snapshot.Today, snapshot.Countries);
        json.WriteStartArray(MinutesName);
        for (var minute = snapshot.TakenAt.Minute - LiveTime.Minutes + 1; minute <= snapshot.TakenAt.Minute; minute++)
        {
            json.WriteStartObject();
            WriteTime(json, MinuteName, minute * LiveTime.MillisecondsPerMinute);
            WriteAll<int>(json, VisitsName, snapshot.GetMinuteVisits(minute), snapshot.Countries);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteAll<int>(json, ActiveName, snapshot.Active, snapshot.Countries);
        DailyStatsJson.WriteAll(json, snapshot);
        LatestHitsJson.Write(json, snapshot.Latest, after: 0);
        json.WriteEndObject();
    }

    /// <summary>Writes the changed values; a removed count is 0.</summary>
    /// <returns>Whether a client needs it: something changed, or the minutes advanced.</returns>
    public static bool WriteChange(Utf8JsonWriter json, LiveSnapshot before, LiveSnapshot after)
    {
        json.WriteStartObject();
        WriteTime(json, TimeName, after.TakenAt.Milliseconds);
        var changed = before.TakenAt.Minute != after.TakenAt.Minute;
        changed |= WriteChanged<long>(json, TotalName, before.Total, after.Total, after.Countries);
        changed |= WriteChanged<long>(json, TodayName, before.Today, after.Today, after.Countries);
        changed |= WriteChangedMinutes(json, before, after);
        changed |= WriteChanged<int>(json, ActiveName, before.Active, after.Active, after.Countries);
        changed |= DailyStatsJson.WriteChanged(json, before, after);
        var known = before.Latest is [.., var last] ? last.Number : 0;
        if (after.Latest is [.., var newest] && newest.Number != known)
        {
            changed = true;
            LatestHitsJson.Write(json, after.Latest, known);
        }
        else if (known > 0 && after.Latest.Count == 0)
        {
            // Hits were deleted: an empty array.
            changed = true;
            LatestHitsJson.Write(json, after.Latest, known);
        }
        json.WriteEndObject();
        return changed;
    }

    private static bool WriteChangedMinutes(Utf8JsonWriter json, LiveSnapshot before, LiveSnapshot after)
    {
        var changed = false;
        for (var minute = after.TakenAt.Minute - LiveTime.Minutes + 1; minute <= after.TakenAt.Minute; minute++)
        {
            var old = before.GetMinuteVisits(minute);
            var now = after.GetMinuteVisits(minute);
            if (!AreDifferent<int>(old, now)) continue;
            if (!changed) json.WriteStartArray(MinutesName);
            changed = true;
            json.WriteStartObject();
            WriteTime(json, MinuteName, minute * LiveTime.MillisecondsPerMinute);
            WriteChanged(json, VisitsName, old, now, after.Countries);
            json.WriteEndObject();
        }
        if (changed) json.WriteEndArray();
        return changed;
    }

    private static bool WriteChanged<T>(
        Utf8JsonWriter json, JsonEncodedText name, ReadOnlySpan<T> before, ReadOnlySpan<T> after, ReadOnlySpan<Country> countries)
            where T : struct, IBinaryInteger<T>
    {
        if (!AreDifferent(before, after)) return false;
        json.WriteStartObject(name);
        for (var i = 0; i < after.Length; i++)
            if (after[i] != (i < before.Length ? before[i] : T.Zero))
                json.WriteNumber(Codes[countries[i].Index], long.CreateTruncating(after[i]));
        json.WriteEndObject();
        return true;
    }

    private static void WriteAll<T>(Utf8JsonWriter json, JsonEncodedText name, ReadOnlySpan<T> counts, ReadOnlySpan<Country> countries)
        where T : struct, IBinaryInteger<T>
    {
        json.WriteStartObject(name);
        for (var i = 0; i < counts.Length; i++)
            if (counts[i] != T.Zero) json.WriteNumber(Codes[countries[i].Index], long.CreateTruncating(counts[i]));
        json.WriteEndObject();
    }

    /// <summary>Whether two snapshots differ; the later one may have more countries at the end.</summary>
    private static bool AreDifferent<T>(ReadOnlySpan<T> before, ReadOnlySpan<T> after) where T : struct, IBinaryInteger<T> =>
        !after.StartsWith(before) || after[before.Length..].ContainsAnyExcept(T.Zero);

    /// <summary>ISO 8601 in UTC, whole seconds.</summary>
    public static void WriteTime(Utf8JsonWriter json, JsonEncodedText name, long milliseconds)
    {
        Span<byte> text = stackalloc byte[20];
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            .TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }
}
