using System.Text.Json;
using Footfall.Words;
using MessagePack;

namespace Footfall.Collect.Events;

/// <summary>Reads the props of a hit straight into their encoding: a map of texts. Numbers and truth values are kept as written.</summary>
internal static class PropsParser
{
    public static Refused Read(scoped ref Utf8JsonReader reader, HitScratch scratch)
    {
        scratch.Props.ResetWrittenCount();
        if (reader.TokenType == JsonTokenType.Null) return Refused.None;
        if (reader.TokenType != JsonTokenType.StartObject) return Skip(ref reader);
        var count = Count(reader);
        if (count > HitLimits.Props) return Skip(ref reader);
        var writer = new MessagePackWriter(scratch.Props);
        writer.WriteMapHeader(count);
        var refused = Refused.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueIsEscaped ? scratch.Unescape(ref reader) : reader.ValueSpan;
            reader.Read();
            var result = Value(ref reader, scratch, ref writer, name);
            if (refused == Refused.None) refused = result;
        }
        writer.Flush();
        return refused;
    }

    private static Refused Value(scoped ref Utf8JsonReader reader, HitScratch scratch, ref MessagePackWriter writer, ReadOnlySpan<byte> name)
    {
        if (name.Length > HitLimits.PropName) return Skip(ref reader, RejectReason.FieldTooLong);
        if (name.IsEmpty || JsonFields.HasControls(name)) return Skip(ref reader);
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return Skip(ref reader);
        // Line breaks are welcome here: a prop is free text.
        var text = reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped ? scratch.Unescape(ref reader) : reader.ValueSpan;
        if (text.Length > HitLimits.PropValue) return new(RejectReason.FieldTooLong, "props");
        writer.WriteString(name);
        writer.WriteString(text);
        return Refused.None;
    }

    private static int Count(Utf8JsonReader reader)
    {
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            count++;
            reader.Skip();
        }
        return count;
    }

    private static Refused Skip(scoped ref Utf8JsonReader reader, RejectReason reason = RejectReason.InvalidProps)
    {
        reader.Skip();
        return new(reason, "props");
    }
}
