using System.Globalization;
using System.Text.Json;
using Footfall.Words;

namespace Footfall.Collect.Events;

/// <summary>Reads single values of a hit. The reader stands on the value; JSON's null is the same as an absent field.</summary>
internal static class JsonFields
{
    /// <summary>The text without escapes: of the line itself, or unescaped in the scratch space. UTF-8 was checked for the whole line.</summary>
    public static Refused Text(scoped ref Utf8JsonReader reader, HitScratch scratch, string field, int limit, out ReadOnlySpan<byte> text)
    {
        text = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null: return Refused.None;
            case JsonTokenType.String:
                text = reader.ValueIsEscaped ? scratch.Unescape(ref reader) : reader.ValueSpan;
                break;
            case JsonTokenType.Number:
                // Shops send numbers for item_id and transaction_id.
                text = reader.ValueSpan;
                break;
            default: return new(RejectReason.InvalidField, field);
        }
        if (text.Length > limit) return new(RejectReason.FieldTooLong, field);
        return HasControls(text) ? new(RejectReason.InvalidField, field) : Refused.None;
    }

    /// <summary>A number, or a text that is one: shops send both.</summary>
    public static Refused Number(scoped ref Utf8JsonReader reader, HitScratch scratch, string field, out decimal? number)
    {
        number = null;
        if (reader.TokenType == JsonTokenType.Null) return Refused.None;
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String)) return new(RejectReason.InvalidValue, field);
        var text = reader.ValueIsEscaped ? scratch.Unescape(ref reader) : reader.ValueSpan;
        // NUL at the end would be passed over by TryParse.
        if (text.Length > 60 || text.Contains((byte)0) || !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) || read is < 0 or > HitLimits.Value)
            return new(RejectReason.InvalidValue, field);
        number = decimal.Round(read, HitLimits.DecimalPlaces);
        return Refused.None;
    }

    /// <summary>ISO 8601 with a zone.</summary>
    public static Refused Time(scoped ref Utf8JsonReader reader, HitScratch scratch, out DateTimeOffset? time)
    {
        time = null;
        if (reader.TokenType == JsonTokenType.Null) return Refused.None;
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var read)) return RejectReason.InvalidTimestamp;
        // Without a zone it was read as this machine's local time. Some writers escape the plus sign.
        if (!HasZone(reader.ValueIsEscaped ? scratch.Unescape(ref reader) : reader.ValueSpan)) return RejectReason.InvalidTimestamp;
        time = read;
        return Refused.None;
    }

    /// <summary>Whole milliseconds, up to <see cref="HitLimits.Oldest"/>.</summary>
    public static Refused Age(scoped ref Utf8JsonReader reader, HitScratch scratch, out int? age)
    {
        age = null;
        if (Number(ref reader, scratch, "age", out var number) != Refused.None || number > (decimal)HitLimits.Oldest.TotalMilliseconds || number % 1 > 0) return RejectReason.InvalidAge;
        age = (int?)number;
        return Refused.None;
    }

    public static bool HasControls(ReadOnlySpan<byte> text) => text.ContainsAnyInRange((byte)0, (byte)31) || text.Contains((byte)127);

    private static bool HasZone(ReadOnlySpan<byte> text) =>
        text is [.., (byte)'Z'] || (text.IndexOf((byte)'T') is > 0 and var start && text[start..].ContainsAny((byte)'+', (byte)'-'));
}
