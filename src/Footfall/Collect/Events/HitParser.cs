using System.Text.Json;
using System.Text.Unicode;
using Footfall.Words;

namespace Footfall.Collect.Events;

/// <summary>Reads one JSON object as a hit. Unknown fields are passed over: shops send all that their data layer has.</summary>
internal static class HitParser
{
    /// <param name="json">One object, and nothing after it but white space.</param>
    public static Refused Read(ReadOnlySpan<byte> json, HitScratch scratch, out HitDraft draft)
    {
        draft = default;
        if (json.Length > HitLimits.Hit) return RejectReason.HitTooLarge;
        // Tells nearly all that is no JSON, a line cut short too, without an exception, which costs as much as ten good hits.
        if (json.Trim(" \t\r\n"u8) is not [(byte)'{', .., (byte)'}'] || !Utf8.IsValid(json)) return RejectReason.MalformedJson;
        scratch.Begin(json.Length);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return RejectReason.MalformedJson;
            var fields = default(HitDraft);
            var refused = Refused.None;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                // A later syntax error still makes it no JSON at all, so the first refusal waits until the end.
                var result = Field(ref reader, scratch, ref fields);
                if (result == Refused.None) continue;
                // A value of the wrong type may be an object or an array: stand behind it.
                reader.Skip();
                if (refused == Refused.None) refused = result;
            }
            if (reader.TokenType != JsonTokenType.EndObject || reader.Read()) return RejectReason.MalformedJson;
            if (refused == Refused.None && fields.Name.IsEmpty && fields.Url.IsEmpty) refused = RejectReason.MissingNameOrUrl;
            draft = fields;
            return refused;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The reader throws on a syntax error, on too much depth and on half a surrogate pair; there is no form of it that does not.
            return RejectReason.MalformedJson;
        }
    }

    private static Refused Field(scoped ref Utf8JsonReader reader, HitScratch scratch, scoped ref HitDraft draft)
    {
        var name = reader.ValueIsEscaped ? scratch.Unescape(ref reader) : reader.ValueSpan;
        reader.Read();
        switch (name.Length)
        {
            case 2 when name.SequenceEqual("id"u8): return JsonFields.Text(ref reader, scratch, "id", HitLimits.Id, out draft.Id);
            case 3 when name.SequenceEqual("age"u8): return JsonFields.Age(ref reader, scratch, out draft.Age);
            case 3 when name.SequenceEqual("url"u8): return JsonFields.Text(ref reader, scratch, "url", HitLimits.Url, out draft.Url);
            case 4 when name.SequenceEqual("site"u8): return JsonFields.Text(ref reader, scratch, "site", HitLimits.Hit, out draft.Site);
            case 4 when name.SequenceEqual("name"u8): return JsonFields.Text(ref reader, scratch, "name", HitLimits.Hit, out draft.Name);
            case 5 when name.SequenceEqual("value"u8): return JsonFields.Number(ref reader, scratch, "value", out draft.Value);
            case 5 when name.SequenceEqual("items"u8):
                var items = ItemsParser.Read(ref reader, scratch, out draft.ItemsCount);
                draft.Items = scratch.Items.WrittenSpan;
                return items;
            case 5 when name.SequenceEqual("props"u8):
                var props = PropsParser.Read(ref reader, scratch, out draft.PropsCount);
                draft.Props = scratch.Props.WrittenSpan;
                return props;
            case 6 when name.SequenceEqual("screen"u8): return ScreenParser.Read(ref reader, scratch, out draft.Screen);
            case 7 when name.SequenceEqual("country"u8): return JsonFields.Text(ref reader, scratch, "country", HitLimits.Hit, out draft.Country);
            case 8 when name.SequenceEqual("currency"u8): return JsonFields.Text(ref reader, scratch, "currency", HitLimits.Hit, out draft.Currency);
            case 8 when name.SequenceEqual("referrer"u8): return JsonFields.Text(ref reader, scratch, "referrer", HitLimits.Url, out draft.Referrer);
            case 9 when name.SequenceEqual("timestamp"u8): return JsonFields.Time(ref reader, scratch, out draft.Timestamp);
            case 14 when name.SequenceEqual("transaction_id"u8):
                return JsonFields.Text(ref reader, scratch, "transaction_id", HitLimits.TransactionId, out draft.TransactionId);
            default:
                reader.Skip();
                return Refused.None;
        }
    }
}
