using System.Text.Json;
using System.Text.Unicode;
using Footfall.Common;

namespace Footfall.Ingest;

/// <summary>Reads one JSON object as a hit. Unknown fields are ignored: shops send everything in their data layer.</summary>
internal static class HitParser
{
    /// <param name="json">One object, and nothing after it but white space.</param>
    public static FieldRejection Parse(ReadOnlySpan<byte> json, ParseBuffers buffers, out HitDraft draft)
    {
        draft = default;
        if (json.Length > HitLimits.HitBytes) return RejectReason.HitTooLarge;
        // Detects nearly everything that is not JSON, even a truncated line, without an exception, which costs as much as ten good hits.
        if (json.Trim(" \t\r\n"u8) is not [(byte)'{', .., (byte)'}'] || !Utf8.IsValid(json)) return RejectReason.MalformedJson;
        buffers.Reset(json.Length);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return RejectReason.MalformedJson;
            var fields = default(HitDraft);
            var rejection = FieldRejection.None;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                // A later syntax error would mean that it is not JSON at all, so the first rejection waits until the end.
                var result = ReadField(ref reader, buffers, ref fields);
                if (result == FieldRejection.None) continue;
                // A value of the wrong type may be an object or an array: skip it.
                reader.Skip();
                if (rejection == FieldRejection.None) rejection = result;
            }
            if (reader.TokenType != JsonTokenType.EndObject || reader.Read()) return RejectReason.MalformedJson;
            draft = fields;
            return rejection;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The reader throws on a syntax error, on too much depth and on half a surrogate pair; it has no overload that does not.
            return RejectReason.MalformedJson;
        }
    }

    private static FieldRejection ReadField(scoped ref Utf8JsonReader reader, ParseBuffers buffers, scoped ref HitDraft draft)
    {
        var name = reader.ValueIsEscaped ? buffers.Unescape(ref reader) : reader.ValueSpan;
        reader.Read();
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("id"u8): return JsonFieldReader.ReadText(ref reader, buffers, "id", out draft.Id);
            case 3 when name.SequenceEqual("age"u8): return JsonFieldReader.ReadAge(ref reader, buffers, out draft.Age);
            case 3 when name.SequenceEqual("url"u8):
                return JsonFieldReader.ReadText(ref reader, buffers, "url", out draft.Url);
            case 4 when name.SequenceEqual("site"u8):
                return JsonFieldReader.ReadText(ref reader, buffers, "site", out draft.Site);
            case 4 when name.SequenceEqual("name"u8):
                return JsonFieldReader.ReadText(ref reader, buffers, "name", out draft.Name);
            case 5 when name.SequenceEqual("value"u8): return JsonFieldReader.ReadNumber(ref reader, buffers, "value", out draft.Value);
            case 5 when name.SequenceEqual("items"u8):
                var items = ItemsParser.Read(ref reader, buffers, out draft.ItemsCount);
                draft.Items = buffers.Items.WrittenSpan;
                return items;
            case 5 when name.SequenceEqual("props"u8):
                var props = PropsParser.Read(ref reader, buffers, out draft.PropsCount);
                draft.Props = buffers.Props.WrittenSpan;
                return props;
            case 6 when name.SequenceEqual("screen"u8): return ScreenParser.Read(ref reader, buffers, out draft.Screen);
            case 7 when name.SequenceEqual("country"u8):
                return JsonFieldReader.ReadText(ref reader, buffers, "country", out draft.Country);
            case 8 when name.SequenceEqual("currency"u8):
                return JsonFieldReader.ReadText(ref reader, buffers, "currency",
                HitLimits.HitBytes, out draft.Currency);
            case 8 when name.SequenceEqual("referrer"u8):
                return JsonFieldReader.ReadText(ref reader, buffers, "referrer", out draft.Referrer);
            case 9 when name.SequenceEqual("timestamp"u8): return JsonFieldReader.ReadTime(ref reader, buffers, out draft.Timestamp);
            case 14 when name.SequenceEqual("transaction_id"u8):
                return JsonFieldReader.ReadText(ref reader, buffers, "transaction_id", out draft.TransactionId);
            default:
                reader.Skip();
                return FieldRejection.None;
        }
    }
}
