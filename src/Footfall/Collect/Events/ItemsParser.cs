using System.Text.Json;
using Footfall.Words;
using MessagePack;

namespace Footfall.Collect.Events;

/// <summary>Reads the items of a hit straight into their encoding: a map for each.</summary>
internal static class ItemsParser
{
    /// <param name="count">How many items stand in <see cref="HitScratch.Items"/>.</param>
    public static Refused Read(scoped ref Utf8JsonReader reader, HitScratch scratch, out int count)
    {
        count = 0;
        scratch.Items.ResetWrittenCount();
        if (reader.TokenType == JsonTokenType.Null) return Refused.None;
        if (reader.TokenType != JsonTokenType.StartArray) return Invalid;
        var writer = new MessagePackWriter(scratch.Items);
        var refused = Refused.None;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; reader.Skip())
        {
            if (refused != Refused.None) continue;
            if (reader.TokenType != JsonTokenType.StartObject) refused = Invalid;
            else if (count == HitLimits.Items) refused = new(RejectReason.TooManyItems, "items");
            else refused = Item(ref reader, scratch, ref writer);
            count++;
        }
        writer.Flush();
        return refused;
    }

    private static Refused Invalid => new(RejectReason.InvalidItems, "items");

    private static Refused Item(scoped ref Utf8JsonReader reader, HitScratch scratch, ref MessagePackWriter writer)
    {
        ReadOnlySpan<byte> id = default, itemName = default, category = default, brand = default, variant = default;
        decimal? price = null, quantity = null;
        var refused = Refused.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueIsEscaped ? scratch.Unescape(ref reader) : reader.ValueSpan;
            reader.Read();
            var result = Refused.None;
            if (name.SequenceEqual("item_id"u8)) result = JsonFields.Text(ref reader, scratch, "items.item_id", HitLimits.ItemField, out id);
            else if (name.SequenceEqual("item_name"u8)) result = JsonFields.Text(ref reader, scratch, "items.item_name", HitLimits.ItemField, out itemName);
            else if (name.SequenceEqual("item_category"u8)) result = JsonFields.Text(ref reader, scratch, "items.item_category", HitLimits.ItemField, out category);
            else if (name.SequenceEqual("item_brand"u8)) result = JsonFields.Text(ref reader, scratch, "items.item_brand", HitLimits.ItemField, out brand);
            else if (name.SequenceEqual("item_variant"u8)) result = JsonFields.Text(ref reader, scratch, "items.item_variant", HitLimits.ItemField, out variant);
            else if (name.SequenceEqual("price"u8)) result = JsonFields.Number(ref reader, scratch, "items.price", out price);
            else if (name.SequenceEqual("quantity"u8)) result = JsonFields.Number(ref reader, scratch, "items.quantity", out quantity);
            else reader.Skip();
            if (result != Refused.None)
            {
                // A value of the wrong type may be an object: stand behind it.
                reader.Skip();
                if (refused == Refused.None) refused = result;
            }
        }
        if (refused != Refused.None) return refused;
        if (id.IsEmpty && itemName.IsEmpty) return Invalid;
        Write(ref writer, id, itemName, category, brand, variant, price, quantity);
        return Refused.None;
    }

    /// <summary>Writes an item as it stands in the details of a hit; what is empty or null is left out.</summary>
    public static void Write(
        ref MessagePackWriter writer, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> category, ReadOnlySpan<byte> brand, ReadOnlySpan<byte> variant,
        decimal? price, decimal? quantity)
    {
        writer.WriteMapHeader(Bit(!id.IsEmpty) + Bit(!name.IsEmpty) + Bit(!category.IsEmpty) + Bit(!brand.IsEmpty) + Bit(!variant.IsEmpty)
            + Bit(price is not null) + Bit(quantity is not null));
        Text(ref writer, ItemField.Id, id);
        Text(ref writer, ItemField.Name, name);
        Text(ref writer, ItemField.Category, category);
        Text(ref writer, ItemField.Brand, brand);
        Text(ref writer, ItemField.Variant, variant);
        if (price is { } amount) HitDetails.Number(ref writer, (int)ItemField.Price, amount);
        if (quantity is { } pieces) HitDetails.Number(ref writer, (int)ItemField.Quantity, pieces);
    }

    private static void Text(ref MessagePackWriter writer, ItemField field, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return;
        writer.Write((byte)field);
        writer.WriteString(text);
    }

    private static int Bit(bool value) => value ? 1 : 0;
}
