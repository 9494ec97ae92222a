using System.Text.Json;
using Footfall.Common;
using MessagePack;

namespace Footfall.Ingest;

/// <summary>
/// Reads the props of a hit straight into their encoding: pairs of texts, each name once. Numbers and booleans are kept as written;
/// a prop that is null is an absent one.
/// </summary>
internal static class PropsParser
{
    /// <param name="count">How many pairs are in <see cref="ParseBuffers.Props"/>.</param>
    public static FieldRejection Read(scoped ref Utf8JsonReader reader, ParseBuffers buffers, out int count)
    {
        count = 0;
        buffers.Props.ResetWrittenCount();
        if (reader.TokenType == JsonTokenType.Null) return FieldRejection.None;
        if (reader.TokenType != JsonTokenType.StartObject) return Invalid;
        Span<Range> names = stackalloc Range[HitLimits.Props];
        var rejection = FieldRejection.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueIsEscaped ? buffers.Unescape(ref reader) : reader.ValueSpan;
            reader.Read();
            if (rejection == FieldRejection.None && reader.TokenType != JsonTokenType.Null)
                rejection = ReadProp(ref reader, buffers, name, names, ref count);
            reader.Skip();
        }
        return rejection;
    }

    private static FieldRejection Invalid => new(RejectReason.InvalidProps, "props");

    private static FieldRejection ReadProp(scoped ref Utf8JsonReader reader, ParseBuffers buffers, ReadOnlySpan<byte> name,
        scoped Span<Range> names, ref int count)
    {
        if (name.Length > HitLimits.PropName) return new(RejectReason.FieldTooLong, "props");
        if (count == HitLimits.Props || name.IsEmpty || HitLimits.Check(name, "props", HitLimits.PropName) != FieldRejection.None)
            return Invalid;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return Invalid;
        // A map with a duplicate name can't be stored. At most 30 names, which mostly differ in length: faster than a set.
        foreach (var earlier in names[..count])
            if (buffers.Props.WrittenSpan[earlier].SequenceEqual(name)) return Invalid;
        var text = reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped ? buffers.Unescape(ref reader) : reader.ValueSpan;
        if (text.Length > HitLimits.PropValue) return new(RejectReason.FieldTooLong, "props");
        // Line breaks are allowed here: a prop is free text. NUL is not allowed: databases truncate a text at NUL.
        if (text.Contains((byte)0)) return Invalid;
        var writer = new MessagePackWriter(buffers.Props);
        writer.WriteString(name);
        writer.Flush();
        var end = buffers.Props.WrittenCount;
        names[count++] = (end - name.Length)..end;
        writer.WriteString(text);
        writer.Flush();
        return FieldRejection.None;
    }
}
