using System.Text.Json;

namespace Footfall.Live;

/// <summary>Today's figures, and those of yesterday until the same time: each an object of values by country, without those of 0.</summary>
internal static class FiguresJson
{
    private static readonly JsonEncodedText Yesterday = JsonEncodedText.Encode("yesterday");

    /// <summary>Visits and visitors of today stand in the picture already.</summary>
    private static readonly (Figure Figure, JsonEncodedText Name)[] Today =
    [
        (Figure.Pageviews, JsonEncodedText.Encode("pageviews")), (Figure.Carts, JsonEncodedText.Encode("carts")), (Figure.Checkouts, JsonEncodedText.Encode("checkouts")),
        (Figure.Orders, JsonEncodedText.Encode("orders")), (Figure.Revenue, JsonEncodedText.Encode("revenue")),
    ];

    private static readonly (Figure Figure, JsonEncodedText Name)[] All =
        [(Figure.Active, JsonEncodedText.Encode("active")), (Figure.Visits, JsonEncodedText.Encode("visits")), .. Today];

    public static void WriteAll(Utf8JsonWriter json, PictureCopy copy)
    {
        foreach (var (figure, name) in Today) Write(json, name, figure, copy.FiguresToday, default, copy, evenIfSame: true);
        if (copy.Complete) WriteYesterday(json, default, copy, evenIfSame: true);
    }

    /// <summary>Writes the new values of what differs.</summary>
    /// <returns>Whether something does.</returns>
    public static bool WriteChanged(Utf8JsonWriter json, PictureCopy before, PictureCopy after)
    {
        var changed = false;
        foreach (var (figure, name) in Today) changed |= Write(json, name, figure, after.FiguresToday, before.FiguresToday, after, evenIfSame: false);
        if (!after.Complete) return changed;
        if (!before.Complete)
        {
            WriteYesterday(json, default, after, evenIfSame: true);
            return true;
        }
        return Differ(before.FiguresYesterday, after.FiguresYesterday) ? WriteYesterday(json, before.FiguresYesterday, after, evenIfSame: false) : changed;
    }

    private static bool WriteYesterday(Utf8JsonWriter json, ReadOnlySpan<Figures> before, PictureCopy copy, bool evenIfSame)
    {
        json.WriteStartObject(Yesterday);
        foreach (var (figure, name) in All) Write(json, name, figure, copy.FiguresYesterday, before, copy, evenIfSame);
        json.WriteEndObject();
        return true;
    }

    private static bool Write(Utf8JsonWriter json, JsonEncodedText name, Figure figure, ReadOnlySpan<Figures> after, ReadOnlySpan<Figures> before, PictureCopy copy, bool evenIfSame)
    {
        var open = evenIfSame;
        if (open) json.WriteStartObject(name);
        for (var i = 0; i < after.Length; i++)
        {
            var value = after[i][figure];
            if (value == (i < before.Length ? before[i][figure] : 0)) continue;
            if (!open) json.WriteStartObject(name);
            open = true;
            var country = LiveJson.Codes[copy.Countries[i].Index];
            if (figure == Figure.Revenue) json.WriteNumber(country, Words.Decimals.Plain(value / 1_000_000m));
            else json.WriteNumber(country, value);
        }
        if (open) json.WriteEndObject();
        return open && !evenIfSame;
    }

    private static bool Differ(ReadOnlySpan<Figures> before, ReadOnlySpan<Figures> after)
    {
        for (var i = 0; i < after.Length; i++)
            foreach (var (figure, _) in All)
                if (after[i][figure] != (i < before.Length ? before[i][figure] : 0)) return true;
        return false;
    }
}
