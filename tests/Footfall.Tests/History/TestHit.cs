using System.Buffers;
using System.Globalization;
using Footfall.Common;
using MessagePack;

namespace Footfall.Tests.History;

internal sealed record TestItem(string Id = "", string Name = "", string Category = "", string Brand = "", string Variant = "",
    decimal? Price = null, decimal? Quantity = null);

/// <summary>A hit with whatever a test wants in it, as the journal would have it.</summary>
/// <param name="Time">Unix time in milliseconds.</param>
/// <param name="Visitor">0 for a bare visit.</param>
internal sealed record TestHit(Site Site, long Time, HitKind Kind = HitKind.PageView, ulong Visitor = 0, string Country = "DE",
    BotReason Bot = BotReason.None, ulong Key = 0)
{
    /// <summary>The texts among the details.</summary>
    public Dictionary<DetailField, string> Texts { get; init; } = [];

    public decimal? Value { get; init; }

    public IReadOnlyList<TestItem> Items { get; init; } = [];

    public IReadOnlyDictionary<string, string> Props { get; init; } = new Dictionary<string, string>();

    /// <summary><c>utm_source</c> and its like.</summary>
    public IReadOnlyDictionary<string, string> Campaign { get; init; } = new Dictionary<string, string>();

    /// <summary>Writes the details.</summary>
    /// <returns>The hit.</returns>
    public Hit Write(IBufferWriter<byte> details)
    {
        var writer = new MessagePackWriter(details);
        byte count = 0;
        // The fields of the hit itself first, then those of its sender.
        foreach (var (field, text) in Texts.Where(text => text.Key < DetailField.Campaign)) Text(ref writer, field, text, ref count);
        if (Value is { } value)
        {
            Number(ref writer, DetailField.Value, ref count);
            writer.Write(value.ToString(CultureInfo.InvariantCulture));
        }
        if (Items.Count > 0)
        {
            Number(ref writer, DetailField.Items, ref count);
            writer.WriteArrayHeader(Items.Count);
            foreach (var item in Items) Write(ref writer, item);
        }
        Map(ref writer, DetailField.Props, Props, ref count);
        Map(ref writer, DetailField.Campaign, Campaign, ref count);
        foreach (var (field, text) in Texts.Where(text => text.Key > DetailField.Campaign)) Text(ref writer, field, text, ref count);
        if (Bot != BotReason.None)
        {
            Number(ref writer, DetailField.BotReason, ref count);
            writer.Write((byte)Bot);
        }
        writer.Flush();
        return new Hit(Site, Time, Footfall.Common.Country.FromStored(Country), Kind, Bot != BotReason.None, Visitor, Key, 0, 0, count);
    }

    private static void Text(ref MessagePackWriter writer, DetailField field, string text, ref byte count)
    {
        Number(ref writer, field, ref count);
        writer.Write(text);
    }

    private static void Number(ref MessagePackWriter writer, DetailField field, ref byte count)
    {
        writer.Write((int)field);
        count++;
    }

    private static void Map(ref MessagePackWriter writer, DetailField field, IReadOnlyDictionary<string, string> map, ref byte count)
    {
        if (map.Count == 0) return;
        Number(ref writer, field, ref count);
        writer.WriteMapHeader(map.Count);
        foreach (var (name, value) in map)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static void Write(ref MessagePackWriter writer, TestItem item)
    {
        (ItemField Field, string? Text)[] fields =
        [
            (ItemField.Id, item.Id), (ItemField.Name, item.Name), (ItemField.Category, item.Category), (ItemField.Brand, item.Brand),
            (ItemField.Variant, item.Variant),
            (ItemField.Price, item.Price?.ToString(CultureInfo.InvariantCulture)),
            (ItemField.Quantity, item.Quantity?.ToString(CultureInfo.InvariantCulture)),
        ];
        var known = fields.Where(field => !string.IsNullOrEmpty(field.Text)).ToList();
        writer.WriteMapHeader(known.Count);
        foreach (var (field, text) in known)
        {
            writer.Write((int)field);
            writer.Write(text);
        }
    }
}
