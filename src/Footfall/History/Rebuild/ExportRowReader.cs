using System.Globalization;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Export;
using Footfall.History.Projection;
using Footfall.History.Schema;

namespace Footfall.History.Rebuild;

/// <summary>Converts a row of an export to a row of the store.</summary>
internal sealed class ExportRowReader(StringTable texts, DetailsReader details, KeyHasher keys)
{
    private static readonly Dictionary<string, int> ColumnIndexes = HitExport.Columns.Select((column, index) => (column.Name, index))
        .ToDictionary(column => column.Name, column => column.index);

    private readonly SortedDictionary<string, string> _props = new(StringComparer.Ordinal);

    /// <summary>The commit of a row.</summary>
    public static long PositionOf(DuckDBDataReader row) => ReadNumber(row, "position");

    /// <exception cref="RebuildException">The first hit of its visit is missing.</exception>
    public HitRow Read(DuckDBDataReader row, int site, int day)
    {
        var hit = new HitRow
        {
            Site = site,
            Day = day,
            Position = PositionOf(row),
            Time = ReadNumber(row, "timestamp"),
            UtcOffset = (short)ReadNumber(row, "utc_offset"),
            Kind = (byte)ReadNumber(row, "kind"),
            Country = Country.FromStored(ReadText(row, "country")),
            Page = texts.GetOrAdd(ReadText(row, "page")),
            Bot = ParseBotReason(ReadText(row, "bot_reason")),
            AttributesIndex = -1,
            FirstItemIndex = details.Items.Count,
        };
        if (hit.Bot != BotReason.None) return hit;
        hit.Visit = ReadNumber(row, "visit");
        hit.Visitor = ReadNumber(row, "visitor");
        hit.Host = texts.GetOrAdd(ReadText(row, "hostname"));
        hit.Name = texts.GetOrAdd(ReadText(row, "name"));
        hit.Value = row.IsDBNull(ColumnIndexes["value"]) ? null : row.GetDecimal(ColumnIndexes["value"]);
        hit.Currency = texts.GetOrAdd(ReadText(row, "currency"));
        if (ReadText(row, "transaction_hash") is { Length: > 0 } hash)
            hit.Transaction = ReadTransaction(row, ulong.Parse(hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        if (ReadText(row, "items") is { Length: > 0 } items) ReadItems(items);
        hit.ItemCount = details.Items.Count - hit.FirstItemIndex;
        if (ReadText(row, "props") is { Length: > 0 } props) hit.Props = ReadProps(props);
        hit.OpensVisit = row.GetBoolean(HitExport.Columns.Count);
        if (!hit.OpensVisit) return hit;
        if (hit.Time != ReadNumber(row, "visit_start"))
            throw new RebuildException(
                $"The first hit of visit {hit.Visit} of {LocalDay.DateOf(day):yyyy-MM-dd} is not in the exports: they were changed.");
        hit.AttributesIndex = details.Attributes.Count;
        details.Attributes.Add(ReadAttributes(row));
        return hit;
    }

    /// <summary>The hash as stored: exports of earlier versions have unkeyed hashes.</summary>
    private ulong ReadTransaction(DuckDBDataReader row, ulong hash) =>
        ReadText(row, "snapshot").EndsWith($"/{HitExport.KeyedMark}", StringComparison.Ordinal)
            ? hash
            : keys.HashUnkeyedOrder(Encoding.UTF8.GetBytes(ReadText(row, "site")), hash);

    private VisitAttributes ReadAttributes(DuckDBDataReader row) => new()
    {
        Source = ReadTextNumber(row, "source"),
        Channel = ReadTextNumber(row, "channel"),
        Referrer = ReadTextNumber(row, "referrer"),
        UtmSource = ReadTextNumber(row, "utm_source"),
        UtmMedium = ReadTextNumber(row, "utm_medium"),
        UtmCampaign = ReadTextNumber(row, "utm_campaign"),
        UtmContent = ReadTextNumber(row, "utm_content"),
        UtmTerm = ReadTextNumber(row, "utm_term"),
        Browser = ReadTextNumber(row, "browser"),
        BrowserVersion = ReadTextNumber(row, "browser_version"),
        Os = ReadTextNumber(row, "os"),
        OsVersion = ReadTextNumber(row, "os_version"),
        Device = ReadTextNumber(row, "device"),
        Screen = ReadTextNumber(row, "screen"),
        Language = ReadTextNumber(row, "language"),
    };

    private void ReadItems(string json)
    {
        using var list = JsonDocument.Parse(json);
        foreach (var item in list.RootElement.EnumerateArray())
        {
            var fields = ((string[])["item_id", "item_name", "item_category", "item_brand", "item_variant"]).Select(name =>
                item.TryGetProperty(name, out var part) ? part.GetString()! : "").ToArray();
            var number = texts.GetOrAdd(CanonicalJson.Product(fields[0], fields[1], fields[2], fields[3], fields[4]));
            details.Products.TryAdd(number, new ProductRow(number, texts.GetOrAdd(fields[0]), texts.GetOrAdd(fields[1]),
                texts.GetOrAdd(fields[2]), texts.GetOrAdd(fields[3]), texts.GetOrAdd(fields[4])));
            details.Items.Add(new ItemRow
            {
                Product = number,
                Price = item.TryGetProperty("price", out var price) ? decimal.Parse(price.GetString()!, CultureInfo.InvariantCulture)
                    : null,
                Quantity = decimal.Parse(item.GetProperty("quantity").GetString()!, CultureInfo.InvariantCulture),
            });
        }
    }

    private int ReadProps(string json)
    {
        _props.Clear();
        using var props = JsonDocument.Parse(json);
        foreach (var prop in props.RootElement.EnumerateObject()) _props[prop.Name] = prop.Value.GetString()!;
        var set = texts.GetOrAdd(CanonicalJson.Props(_props));
        if (!details.Props.ContainsKey(set))
            details.Props[set] = [.. _props.Select(prop => (texts.GetOrAdd(prop.Key), texts.GetOrAdd(prop.Value)))];
        return set;
    }

    private int ReadTextNumber(DuckDBDataReader row, string column) => texts.GetOrAdd(ReadText(row, column));

    private static string ReadText(DuckDBDataReader row, string column) =>
        row.IsDBNull(ColumnIndexes[column]) ? "" : row.GetString(ColumnIndexes[column]);

    private static long ReadNumber(DuckDBDataReader row, string column) => row.GetInt64(ColumnIndexes[column]);

    private static BotReason ParseBotReason(string name) => name.Length == 0 ? BotReason.None
        : Array.IndexOf(BotReasonNames.All, name) is > 0 and var reason ? (BotReason)reason : throw new FormatException($"{name} is not a "
            + $"bot reason.");
}
