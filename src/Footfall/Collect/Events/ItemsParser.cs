using System.Text.Json;
using Footfall.Words;
using MessagePack;

namespace Footfall.Collect.Events;

/// <summary>Reads the items of a hit straight into their encoding: an array of maps.</summary>
internal static class ItemsParser
{
    public static Refused Read(scoped ref Utf8JsonReader reader, HitScratch scratch)
    {
        scratch.Items.ResetWrittenCount();
        if (reader.TokenType == JsonTokenType.Null) return Refused.None;
        if (reader.TokenType != JsonTokenType.StartArray) return Skip(ref reader, RejectReason.InvalidItems);
        var count = Count(reader);
        if (count > HitLimits.Items) return Skip(ref reader, RejectReason.TooManyItems);
        var writer = new MessagePackWriter(scratch.Items);
        writer.WriteArrayHeader(count);
        var refused = Refused.None;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var result = reader.TokenType == JsonTokenType.StartObject ? Item(ref reader, scratch, ref writer) : Skip(ref reader, RejectReason.InvalidItems);
            if (refused == Refused.None) refused = result;
        }
        writer.Flush();
        return refused;
    }

    private static Refused Item(scoped ref Utf8JsonReader reader, HitScratch scratch, ref MessagePackWriter writer)
    {
        ReadOnlySpan<byte> id = default, itemName = default, category = default, brand = default, variant = default;
        decimal? price = null, quantity = null;
        var refused = Refused.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
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
        if (id.IsEmpty && itemName.IsEmpty) return RejectReason.InvalidItems;
        writer.WriteMapHeader(Bit(!id.IsEmpty) + Bit(!itemName.IsEmpty) + Bit(!category.IsEmpty) + Bit(!brand.IsEmpty) + Bit(!variant.IsEmpty)
            + Bit(price is not null) + Bit(quantity is not null));
        Text(ref writer, HitDetails.ItemField.Id, id);
        Text(ref writer, HitDetails.ItemField.Name, itemName);
        Text(ref writer, HitDetails.ItemField.Category, category);
        Text(ref writer, HitDetails.ItemField.Brand, brand);
        Text(ref writer, HitDetails.ItemField.Variant, variant);
        if (price is { } amount) HitDetails.Number(ref writer, (int)HitDetails.ItemField.Price, amount);
        if (quantity is { } pieces) HitDetails.Number(ref writer, (int)HitDetails.ItemField.Quantity, pieces);
        return Refused.None;
    }

    private static void Text(ref MessagePackWriter writer, HitDetails.ItemField field, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return;
        writer.Write((byte)field);
        writer.WriteString(text);
    }

    /// <summary>The reader is copied, so that the array's length can be written before its elements.</summary>
    private static int Count(Utf8JsonReader reader)
    {
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
            reader.Skip();
        }
        return count;
    }

    private static Refused Skip(scoped ref Utf8JsonReader reader, RejectReason reason)
    {
        reader.Skip();
        return new(reason, "items");
    }

    private static int Bit(bool value) => value ? 1 : 0;
}
