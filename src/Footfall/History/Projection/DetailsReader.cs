using System.Globalization;
using System.Text;
using Footfall.Common;
using Footfall.History.Schema;
using MessagePack;

namespace Footfall.History.Projection;

/// <summary>Reads the details of hits from the journal's format into rows.</summary>
internal sealed class DetailsReader(StringTable texts, KeyHasher keys)
{
    private readonly SortedDictionary<string, string> _props = new(StringComparer.Ordinal);

    private readonly int[] _names = new int[byte.MaxValue + 1];

    public List<ItemRow> Items { get; } = [];

    public List<VisitAttributes> Attributes { get; } = [];

    /// <summary>Products and sets of props of this batch, by the number of their text, provisional or not.</summary>
    public Dictionary<int, ProductRow> Products { get; } = [];

    /// <inheritdoc cref="Products"/>
    public Dictionary<int, (int Name, int Value)[]> Props { get; } = [];

    public void Clear()
    {
        Items.Clear();
        Attributes.Clear();
        Products.Clear();
        Props.Clear();
        Array.Clear(_names);
    }

    /// <param name="count">The number of fields.</param>
    /// <param name="attributes">Whether the row may open a visit and so needs the visit properties.</param>
    public void Read(ReadOnlyMemory<byte> details, int count, Site site, bool attributes, ref HitRow row)
    {
        var reader = new MessagePackReader(details);
        var visit = default(VisitAttributes);
        row.FirstItemIndex = Items.Count;
        row.AttributesIndex = -1;
        var all = attributes || row.Bot != BotReason.None;
        ReadOnlySpan<byte> referrer = default, host = default;
        for (; count > 0; count--)
        {
            var field = (DetailField)reader.ReadInt32();
            // The sender's fields come after the hit's: for most hits there is nothing more to read.
            if (field >= DetailField.Campaign && !all) break;
            switch (field)
            {
                case DetailField.Path: row.Page = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.Host:
                    host = ReadText(ref reader);
                    row.Host = texts.GetOrAdd(host);
                    break;
                case DetailField.Referrer when attributes: referrer = ReadText(ref reader); break;
                case DetailField.Name: row.Name = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.TransactionId:
                    (row.Transaction, row.ConvertedTransaction) =
                    keys.HashOrder(site, ReadText(ref reader)); break;
                case DetailField.Value: row.Value = ReadNumber(ref reader); break;
                case DetailField.Currency: row.Currency = texts.GetOrAddCode(ReadText(ref reader)); break;
                case DetailField.Items: ReadItems(ref reader); break;
                case DetailField.Props: row.Props = ReadProps(ref reader); break;
                case DetailField.Campaign when attributes: ReadCampaign(ref reader, ref visit); break;
                case DetailField.Browser when attributes: visit.Browser = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.BrowserVersion when attributes: visit.BrowserVersion = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.Os when attributes: visit.Os = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.OsVersion when attributes: visit.OsVersion = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.Device when attributes: visit.Device = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.Language when attributes: visit.Language = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.Screen when attributes: visit.Screen = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.Source when attributes: visit.Source = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.Channel when attributes: visit.Channel = texts.GetOrAdd(ReadText(ref reader)); break;
                case DetailField.BotReason: row.Bot = (BotReason)reader.ReadByte(); break;
                default: reader.Skip(); break;
            }
        }
        row.ItemCount = Items.Count - row.FirstItemIndex;
        if (NameOf((HitKind)row.Kind) is var name and not 0) row.Name = name;
        if (!attributes) return;
        // A referrer without a source is a page of the site itself.
        if (visit.Source != 0 && !referrer.IsEmpty) visit.Referrer = texts.GetOrAdd(TrimReferrer(referrer, host));
        row.AttributesIndex = Attributes.Count;
        Attributes.Add(visit);
    }

    /// <summary>The number of a kind's name in this batch; 0 for an event that has a name of its own.</summary>
    private int NameOf(HitKind kind) => _names[(int)kind] is var known and not 0 ? known
        : _names[(int)kind] = HitKindNames.Get(kind) is { } name ? texts.GetOrAddCode(name) : 0;

    /// <summary>Without scheme, <c>www.</c> and the last slash, as Plausible shows it; empty for a page of the same host.</summary>
    private static ReadOnlySpan<byte> TrimReferrer(ReadOnlySpan<byte> referrer, ReadOnlySpan<byte> host)
    {
        var scheme = referrer.IndexOf("://"u8);
        if (scheme >= 0) referrer = referrer[(scheme + 3)..];
        if (!host.IsEmpty && referrer.StartsWith(host) && (referrer.Length == host.Length || referrer[host.Length] == '/')) return default;
        if (referrer.StartsWith("www."u8)) referrer = referrer[4..];
        return referrer is [.., (byte)'/'] ? referrer[..^1] : referrer;
    }

    private void ReadItems(ref MessagePackReader reader)
    {
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var item = new ItemRow { Quantity = 1 };
            string id = "", name = "", category = "", brand = "", variant = "";
            for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            {
                switch ((ItemField)reader.ReadInt32())
                {
                    case ItemField.Id: id = reader.ReadString()!; break;
                    case ItemField.Name: name = reader.ReadString()!; break;
                    case ItemField.Category: category = reader.ReadString()!; break;
                    case ItemField.Brand: brand = reader.ReadString()!; break;
                    case ItemField.Variant: variant = reader.ReadString()!; break;
                    case ItemField.Price: item.Price = ReadNumber(ref reader); break;
                    case ItemField.Quantity: item.Quantity = ReadNumber(ref reader) ?? 1; break;
                    default: reader.Skip(); break;
                }
            }
            item.Product = texts.GetOrAdd(CanonicalJson.Product(id, name, category, brand, variant));
            Products.TryAdd(item.Product, new ProductRow(item.Product, texts.GetOrAdd(id), texts.GetOrAdd(name), texts.GetOrAdd(category),
                texts.GetOrAdd(brand), texts.GetOrAdd(variant)));
            Items.Add(item);
        }
    }

    private int ReadProps(ref MessagePackReader reader)
    {
        _props.Clear();
        for (var left = reader.ReadMapHeader(); left > 0; left--) _props[reader.ReadString()!] = reader.ReadString()!;
        if (_props.Count == 0) return 0;
        var set = texts.GetOrAdd(CanonicalJson.Props(_props));
        if (!Props.ContainsKey(set)) Props[set] = [.. _props.Select(prop => (texts.GetOrAdd(prop.Key), texts.GetOrAdd(prop.Value)))];
        return set;
    }

    private void ReadCampaign(ref MessagePackReader reader, ref VisitAttributes visit)
    {
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var name = ReadText(ref reader);
            var value = ReadText(ref reader);
            if (name.SequenceEqual("utm_source"u8)) visit.UtmSource = texts.GetOrAdd(value);
            else if (name.SequenceEqual("utm_medium"u8)) visit.UtmMedium = texts.GetOrAdd(value);
            else if (name.SequenceEqual("utm_campaign"u8)) visit.UtmCampaign = texts.GetOrAdd(value);
            else if (name.SequenceEqual("utm_content"u8)) visit.UtmContent = texts.GetOrAdd(value);
            else if (name.SequenceEqual("utm_term"u8)) visit.UtmTerm = texts.GetOrAdd(value);
        }
    }

    private static ReadOnlySpan<byte> ReadText(scoped ref MessagePackReader reader)
    {
        if (reader.TryReadStringSpan(out var text)) return text;
        return Encoding.UTF8.GetBytes(reader.ReadString() ?? "");
    }

    private static decimal? ReadNumber(ref MessagePackReader reader) =>
        decimal.TryParse(ReadText(ref reader), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? decimal.Round(number, 6)
            : null;
}
