using System.Text.Json;
using Footfall.Common;
using MessagePack;

namespace Footfall.Ingest;

/// <summary>Reads the items of a hit straight into their encoding: a map for each.</summary>
internal static class ItemsParser
{
    /// <param name="count">How many items are in <see cref="ParseBuffers.Items"/>.</param>
    public static FieldRejection Read(scoped ref Utf8JsonReader reader, ParseBuffers buffers, out int count)
    {
        count = 0;
        buffers.Items.ResetWrittenCount();
        if (reader.TokenType == JsonTokenType.Null) return FieldRejection.None;
        if (reader.TokenType != JsonTokenType.StartArray) return Invalid;
        var writer = new MessagePackWriter(buffers.Items);
        var rejection = FieldRejection.None;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; reader.Skip())
        {
            if (rejection != FieldRejection.None) continue;
            if (reader.TokenType != JsonTokenType.StartObject) rejection = Invalid;
            else if (count == HitLimits.Items) rejection = new(RejectReason.TooManyItems, "items");
            else rejection = ReadItem(ref reader, buffers, ref writer);
            count++;
        }
        writer.Flush();
        return rejection;
    }

    private static FieldRejection Invalid => new(RejectReason.InvalidItems, "items");

    private static FieldRejection ReadItem(scoped ref Utf8JsonReader reader, ParseBuffers buffers, ref MessagePackWriter writer)
    {
        ReadOnlySpan<byte> id = default, itemName = default, category = default, brand = default, variant = default;
        decimal? price = null, quantity = null;
        var rejection = FieldRejection.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueIsEscaped ? buffers.Unescape(ref reader) : reader.ValueSpan;
            reader.Read();
            var result = FieldRejection.None;
            if (name.SequenceEqual("item_id"u8))
                result = JsonFieldReader.ReadText(ref reader, buffers, "items.item_id", HitLimits.ItemField, out id);
            else if (name.SequenceEqual("item_name"u8))
                result = JsonFieldReader.ReadText(ref reader, buffers, "items.item_name", HitLimits.ItemField, out itemName);
            else if (name.SequenceEqual("item_category"u8))
                result = JsonFieldReader.ReadText(ref reader, buffers, "items.item_category", HitLimits.ItemField, out category);
            else if (name.SequenceEqual("item_brand"u8))
                result = JsonFieldReader.ReadText(ref reader, buffers, "items.item_brand", HitLimits.ItemField, out brand);
            else if (name.SequenceEqual("item_variant"u8))
                result = JsonFieldReader.ReadText(ref reader, buffers, "items.item_variant", HitLimits.ItemField, out variant);
            else if (name.SequenceEqual("price"u8)) result = JsonFieldReader.ReadNumber(ref reader, buffers, "items.price", out price);
            else if (name.SequenceEqual("quantity"u8))
                result = JsonFieldReader.ReadNumber(ref reader, buffers, "items.quantity", out quantity);
            else reader.Skip();
            if (result != FieldRejection.None)
            {
                // A value of the wrong type may be an object: skip it.
                reader.Skip();
                if (rejection == FieldRejection.None) rejection = result;
            }
        }
        if (rejection != FieldRejection.None) return rejection;
        if (id.IsEmpty && itemName.IsEmpty) return Invalid;
        WriteItem(ref writer, id, itemName, category, brand, variant, price, quantity);
        return FieldRejection.None;
    }

    /// <summary>Writes an item in the encoding of the details; empty and null fields are omitted.</summary>
    public static void WriteItem(
        ref MessagePackWriter writer, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> category, ReadOnlySpan<byte> brand,
        ReadOnlySpan<byte> variant,
        decimal? price, decimal? quantity)
    {
        writer.WriteMapHeader(Bit(!id.IsEmpty) + Bit(!name.IsEmpty) + Bit(!category.IsEmpty) + Bit(!brand.IsEmpty) + Bit(!variant.IsEmpty)
            + Bit(price is not null) + Bit(quantity is not null));
        WriteText(ref writer, ItemField.Id, id);
        WriteText(ref writer, ItemField.Name, name);
        WriteText(ref writer, ItemField.Category, category);
        WriteText(ref writer, ItemField.Brand, brand);
        WriteText(ref writer, ItemField.Variant, variant);
        if (price is { } amount) HitDetailsWriter.WriteNumber(ref writer, (int)ItemField.Price, amount);
        if (quantity is { } pieces) HitDetailsWriter.WriteNumber(ref writer, (int)ItemField.Quantity, pieces);
    }

    private static void WriteText(ref MessagePackWriter writer, ItemField field, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return;
        writer.Write((byte)field);
        writer.WriteString(text);
    }

    private static int Bit(bool value) => value ? 1 : 0;
}
