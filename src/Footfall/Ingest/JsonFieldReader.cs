using System.Globalization;
using System.Text.Json;
using Footfall.Common;

namespace Footfall.Ingest;

/// <summary>Reads single values of a hit. The reader is at the value; JSON's null is the same as an absent field.</summary>
internal static class JsonFieldReader
{
    /// <summary>
    /// The text without escapes: a span of the line itself, or unescaped in the parse buffers. The whole line is valid UTF-8.
    /// </summary>
    public static FieldRejection ReadText(scoped ref Utf8JsonReader reader, ParseBuffers buffers, string field,
        out ReadOnlySpan<byte> text)
    {
        text = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null: return FieldRejection.None;
            case JsonTokenType.String:
                text = reader.ValueIsEscaped ? buffers.Unescape(ref reader) : reader.ValueSpan;
                break;
            case JsonTokenType.Number:
                // Shops send numbers for item_id and transaction_id.
                text = reader.ValueSpan;
                break;
            default: return new(RejectReason.InvalidField, field);
        }
        return FieldRejection.None;
    }

    /// <summary>The same, but checks a limit and rejects control characters.</summary>
    public static FieldRejection ReadText(scoped ref Utf8JsonReader reader, ParseBuffers buffers, string field, int limit,
        out ReadOnlySpan<byte> text)
    {
        var rejection = ReadText(ref reader, buffers, field, out text);
        return rejection == FieldRejection.None ? HitLimits.Check(text, field, limit) : rejection;
    }

    /// <summary>A number, or a string that has one: shops send both.</summary>
    public static FieldRejection ReadNumber(scoped ref Utf8JsonReader reader, ParseBuffers buffers, string field, out decimal? number)
    {
        number = null;
        if (reader.TokenType == JsonTokenType.Null) return FieldRejection.None;
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String)) return new(RejectReason.InvalidValue, field);
        var text = reader.ValueIsEscaped ? buffers.Unescape(ref reader) : reader.ValueSpan;
        // TryParse ignores NUL at the end.
        if (text.Length > 60 || text.Contains((byte)0)
            || !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) || read is < 0 or > HitLimits.Value)
            return new(RejectReason.InvalidValue, field);
        number = decimal.Round(read, HitLimits.DecimalPlaces);
        return FieldRejection.None;
    }

    /// <summary>ISO 8601 with a zone.</summary>
    public static FieldRejection ReadTime(scoped ref Utf8JsonReader reader, ParseBuffers buffers, out DateTimeOffset? time)
    {
        time = null;
        if (reader.TokenType == JsonTokenType.Null) return FieldRejection.None;
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var read)) return RejectReason.InvalidTimestamp;
        // Without a zone it would be read as this machine's local time. Some writers escape the plus sign.
        if (!HasTimeZone(reader.ValueIsEscaped ? buffers.Unescape(ref reader) : reader.ValueSpan)) return RejectReason.InvalidTimestamp;
        time = read;
        return FieldRejection.None;
    }

    /// <summary>Whole milliseconds, up to <see cref="HitLimits.MaxAge"/>.</summary>
    public static FieldRejection ReadAge(scoped ref Utf8JsonReader reader, ParseBuffers buffers, out int? age)
    {
        age = null;
        if (ReadNumber(ref reader, buffers, "age", out var number) != FieldRejection.None
            || number > (decimal)HitLimits.MaxAge.TotalMilliseconds || number % 1 > 0) return RejectReason.InvalidAge;
        age = (int?)number;
        return FieldRejection.None;
    }

    private static bool HasTimeZone(ReadOnlySpan<byte> text) =>
        text is [.., (byte)'Z'] || (text.IndexOf((byte)'T') is > 0 and var start && text[start..].ContainsAny((byte)'+', (byte)'-'));
}
