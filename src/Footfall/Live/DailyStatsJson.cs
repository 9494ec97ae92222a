using System.Text.Json;
using Footfall.Common;

namespace Footfall.Live;

/// <summary>Today's counts, and yesterday's until the same time: each an object of values by country, without zeros.</summary>
internal static class DailyStatsJson
{
    private static readonly JsonEncodedText YesterdayName = JsonEncodedText.Encode("yesterday");

    /// <summary>The snapshot already has today's visits and visitors.</summary>
    private static readonly (DailyCounter Figure, JsonEncodedText Name)[] TodayNames =
    [
        (DailyCounter.Pageviews, JsonEncodedText.Encode("pageviews")), (DailyCounter.Carts, JsonEncodedText.Encode("carts")),
        (DailyCounter.Checkouts, JsonEncodedText.Encode("checkouts")),
        (DailyCounter.Orders, JsonEncodedText.Encode("orders")), (DailyCounter.Revenue, JsonEncodedText.Encode("revenue")),
    ];

    private static readonly (DailyCounter Figure, JsonEncodedText Name)[] AllNames =
        [(DailyCounter.Active, JsonEncodedText.Encode("active")), (DailyCounter.Visits, JsonEncodedText.Encode("visits")), .. TodayNames];

    public static void WriteAll(Utf8JsonWriter json, LiveSnapshot snapshot)
    {
        foreach (var (counter, name) in TodayNames) Write(json, name, counter, snapshot.TodayStats, default, snapshot, writeAll: true);
        if (snapshot.HasYesterday) WriteYesterday(json, default, snapshot, writeAll: true);
    }

    /// <summary>Writes the changed values.</summary>
    /// <returns>Whether anything changed.</returns>
    public static bool WriteChanged(Utf8JsonWriter json, LiveSnapshot before, LiveSnapshot after)
    {
        var changed = false;
        foreach (var (counter, name) in TodayNames) changed |= Write(json, name, counter, after.TodayStats, before.TodayStats, after,
            writeAll: false);
        if (!after.HasYesterday) return changed;
        if (!before.HasYesterday)
        {
            WriteYesterday(json, default, after, writeAll: true);
            return true;
        }
        return AreDifferent(before.YesterdayStats, after.YesterdayStats)
            ? WriteYesterday(json, before.YesterdayStats, after, writeAll: false) : changed;
    }

    private static bool WriteYesterday(Utf8JsonWriter json, ReadOnlySpan<DailyStats> before, LiveSnapshot snapshot, bool writeAll)
    {
        json.WriteStartObject(YesterdayName);
        foreach (var (counter, name) in AllNames) Write(json, name, counter, snapshot.YesterdayStats, before, snapshot, writeAll);
        json.WriteEndObject();
        return true;
    }

    private static bool Write(Utf8JsonWriter json, JsonEncodedText name, DailyCounter counter, ReadOnlySpan<DailyStats> after,
        ReadOnlySpan<DailyStats> before, LiveSnapshot snapshot, bool writeAll)
    {
        var open = writeAll;
        if (open) json.WriteStartObject(name);
        for (var i = 0; i < after.Length; i++)
        {
            var value = after[i][counter];
            if (value == (i < before.Length ? before[i][counter] : 0)) continue;
            if (!open) json.WriteStartObject(name);
            open = true;
            var country = LiveJson.Codes[snapshot.Countries[i].Index];
            if (counter == DailyCounter.Revenue) json.WriteNumber(country, Decimals.TrimZeros(value / 1_000_000m));
            else json.WriteNumber(country, value);
        }
        if (open) json.WriteEndObject();
        return open && !writeAll;
    }

    private static bool AreDifferent(ReadOnlySpan<DailyStats> before, ReadOnlySpan<DailyStats> after)
    {
        for (var i = 0; i < after.Length; i++)
            foreach (var (counter, _) in AllNames)
                if (after[i][counter] != (i < before.Length ? before[i][counter] : 0)) return true;
        return false;
    }
}
