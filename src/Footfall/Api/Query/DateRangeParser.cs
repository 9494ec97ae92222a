using System.Globalization;
using System.Text.Json;
using Footfall.Common;
using Footfall.Live;

namespace Footfall.Api.Query;

/// <summary>Reads <c>date_range</c>: https://plausible.io/docs/stats-api#date_range.</summary>
internal static class DateRangeParser
{
    /// <summary>The allowed date ranges, for a sentence.</summary>
    private const string KnownRanges =
        "day, 24h, 7d, 28d, 30d, 91d or any number of days, month, 6mo, 12mo or any number of months, year, all, realtime (5 minutes), " +
        "30m, "
        + "[\"2024-01-01\", \"2024-07-01\"] or [\"2024-01-01T12:00:00+02:00\", \"2024-01-01T15:59:59+02:00\"]";

    /// <summary>Dates outside of these are mistakes, and calendars have no room for their neighbours.</summary>
    private static readonly DateOnly Earliest = new(1970, 1, 2), Latest = new(9000, 1, 1);

    public static DateRange Parse(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.String => ParseShorthand(value.GetString()!, key),
        JsonValueKind.Array => ParsePair(value, key),
        _ => throw Invalid(value, key),
    };

    /// <summary>A shorthand, or two dates or times separated by a comma, as in a query string.</summary>
    public static DateRange Parse(string text, string key)
    {
        if (!text.Contains(',')) return ParseShorthand(text, key);
        return text.Split(',', StringSplitOptions.TrimEntries) is [var first, var last] && TryParsePair(first, last, key) is { } range
            ? range : throw Invalid(text, key);
    }

    /// <summary>Two dates, or two times.</summary>
    public static DateRange ParsePair(JsonElement value, string key)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2
            || value.EnumerateArray().Any(end => end.ValueKind != JsonValueKind.String)) throw Invalid(value, key);
        return TryParsePair(value[0].GetString()!, value[1].GetString()!, key) ?? throw Invalid(value, key);
    }

    /// <returns>Null where they are neither two dates nor two times.</returns>
    private static DateRange? TryParsePair(string first, string last, string key)
    {
        if (TryParseDate(first, out var from) && TryParseDate(last, out var to))
            return to >= from ? new DateRange.Dates(LocalDay.Of(from), LocalDay.Of(to)) : throw Reversed(key);
        if (!TryParseTime(first, out var start) || !TryParseTime(last, out var end)) return null;
        return end >= start ? new DateRange.Times(start, end) : throw Reversed(key);
    }

    public static bool TryParseDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date) && date >= Earliest
            && date <= Latest;

    private static DateRange ParseShorthand(string text, string key) => text switch
    {
        "day" => new DateRange.Day(),
        "24h" => new DateRange.LastDay(),
        "month" => new DateRange.Month(),
        "year" => new DateRange.Year(),
        "all" => new DateRange.All(),
        "realtime" => new DateRange.Minutes(5),
        "30m" => new DateRange.Minutes(LiveTime.Minutes),
        _ when ParseCount(text, "mo", QueryLimits.Months) is { } months => new DateRange.LastMonths(months),
        _ when ParseCount(text, "d", QueryLimits.Days) is { } days => new DateRange.LastDays(days),
        _ => throw new InvalidQueryException($"The {key} {InvalidQueryException.Quote(text)} is unknown: use one of {KnownRanges}."),
    };

    private static int? ParseCount(string text, string unit, int max) =>
        text.EndsWith(unit, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= 1 && number <= max ? number : null;

    /// <summary>A time with seconds and offset (ISO 8601, RFC 3339); fractions of a second are truncated.</summary>
    private static bool TryParseTime(string text, out long moment)
    {
        moment = 0;
        if (text.Length < 20 || text[10] is not ('T' or ' ') || !HasOffset(text)) return false;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return false;
        moment = time.ToUnixTimeSeconds() * 1_000;
        var date = DateOnly.FromDateTime(time.UtcDateTime);
        return date >= Earliest && date <= Latest;
    }

    /// <summary>Without an offset, the machine's time zone would apply.</summary>
    private static bool HasOffset(string text) => text[^1] is 'Z' or 'z' || text.AsSpan(19).ContainsAny('+', '-');

    private static InvalidQueryException Reversed(string key) => new($"The {key} ends before it begins.");

    private static InvalidQueryException Invalid(JsonElement value, string key) => Invalid(value.GetRawText(), key);

    private static InvalidQueryException Invalid(string text, string key) =>
        new($"The {key} {InvalidQueryException.Quote(text)} can't be read: use one of {KnownRanges}.");
}
