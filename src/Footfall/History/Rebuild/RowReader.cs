using System.Globalization;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Footfall.History.Exports;
using Footfall.History.Planning;
using Footfall.History.Store;
using Footfall.Words;

namespace Footfall.History.Rebuild;

/// <summary>Makes a row of the store of a row of an export.</summary>
internal sealed class RowReader(TextNumbers texts, DetailsReader details, KeyHasher keys)
{
    private static readonly Dictionary<string, int> Places = HitExport.Columns.Select((column, place) => (column.Name, place)).ToDictionary(column => column.Name, column => column.place);

    private readonly SortedDictionary<string, string> _props = new(StringComparer.Ordinal);

    /// <summary>The commit that brought a row.</summary>
    public static long PositionOf(DuckDBDataReader row) => Number(row, "position");

    /// <exception cref="RebuildException">The first hit of its visit is missing.</exception>
    public HitRow Read(DuckDBDataReader row, int site, int day)
    {
        var hit = new HitRow
        {
            Site = site,
            Day = day,
            Position = PositionOf(row),
            Time = Number(row, "timestamp"),
            Zone = (short)Number(row, "utc_offset"),
            Kind = (byte)Number(row, "kind"),
            Country = Country.Stored(Text(row, "country")),
            Page = texts.Of(Text(row, "page")),
            Bot = BotOf(Text(row, "bot_reason")),
            Attributes = -1,
            FirstItem = details.Items.Count,
        };
        if (hit.Bot != BotReason.None) return hit;
        hit.Visit = Number(row, "visit");
        hit.Visitor = Number(row, "visitor");
        hit.Host = texts.Of(Text(row, "hostname"));
        hit.Name = texts.Of(Text(row, "name"));
        hit.Value = row.IsDBNull(Places["value"]) ? null : row.GetDecimal(Places["value"]);
        hit.Currency = texts.Of(Text(row, "currency"));
        if (Text(row, "transaction_hash") is { Length: > 0 } hash)
            hit.Transaction = TransactionOf(row, ulong.Parse(hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        if (Text(row, "items") is { Length: > 0 } items) ReadItems(items);
        hit.Items = details.Items.Count - hit.FirstItem;
        if (Text(row, "props") is { Length: > 0 } props) hit.Props = ReadProps(props);
        hit.Opened = row.GetBoolean(HitExport.Columns.Count);
        if (!hit.Opened) return hit;
        if (hit.Time != Number(row, "visit_start"))
            throw new RebuildException($"The first hit of visit {hit.Visit} of {LocalDay.DateOf(day):yyyy-MM-dd} is not in the exports: they were changed.");
        hit.Attributes = details.Attributes.Count;
        details.Attributes.Add(ReadAttributes(row));
        return hit;
    }

    /// <summary>As the store has it: exports of earlier versions have hashes that are not keyed.</summary>
    private ulong TransactionOf(DuckDBDataReader row, ulong hash) =>
        Text(row, "snapshot").EndsWith($"/{HitExport.Keyed}", StringComparison.Ordinal)
            ? hash
            : keys.OfUnkeyedOrder(Encoding.UTF8.GetBytes(Text(row, "site")), hash);

    private VisitAttributes ReadAttributes(DuckDBDataReader row) => new()
    {
        Source = Of(row, "source"),
        Channel = Of(row, "channel"),
        Referrer = Of(row, "referrer"),
        UtmSource = Of(row, "utm_source"),
        UtmMedium = Of(row, "utm_medium"),
        UtmCampaign = Of(row, "utm_campaign"),
        UtmContent = Of(row, "utm_content"),
        UtmTerm = Of(row, "utm_term"),
        Browser = Of(row, "browser"),
        BrowserVersion = Of(row, "browser_version"),
        Os = Of(row, "os"),
        OsVersion = Of(row, "os_version"),
        Device = Of(row, "device"),
        Screen = Of(row, "screen"),
        Language = Of(row, "language"),
    };

    private void ReadItems(string json)
    {
        using var list = JsonDocument.Parse(json);
        foreach (var item in list.RootElement.EnumerateArray())
        {
            var parts = ((string[])["item_id", "item_name", "item_category", "item_brand", "item_variant"]).Select(name => item.TryGetProperty(name, out var part) ? part.GetString()! : "").ToArray();
            var number = texts.Of(CanonicalJson.Product(parts[0], parts[1], parts[2], parts[3], parts[4]));
            details.Products.TryAdd(number, new Product(number, texts.Of(parts[0]), texts.Of(parts[1]), texts.Of(parts[2]), texts.Of(parts[3]), texts.Of(parts[4])));
            details.Items.Add(new ItemRow
            {
                Product = number,
                Price = item.TryGetProperty("price", out var price) ? decimal.Parse(price.GetString()!, CultureInfo.InvariantCulture) : null,
                Quantity = decimal.Parse(item.GetProperty("quantity").GetString()!, CultureInfo.InvariantCulture),
            });
        }
    }

    private int ReadProps(string json)
    {
        _props.Clear();
        using var props = JsonDocument.Parse(json);
        foreach (var prop in props.RootElement.EnumerateObject()) _props[prop.Name] = prop.Value.GetString()!;
        var set = texts.Of(CanonicalJson.Props(_props));
        if (!details.Props.ContainsKey(set)) details.Props[set] = [.. _props.Select(prop => (texts.Of(prop.Key), texts.Of(prop.Value)))];
        return set;
    }

    private int Of(DuckDBDataReader row, string column) => texts.Of(Text(row, column));

    private static string Text(DuckDBDataReader row, string column) => row.IsDBNull(Places[column]) ? "" : row.GetString(Places[column]);

    private static long Number(DuckDBDataReader row, string column) => row.GetInt64(Places[column]);

    private static BotReason BotOf(string name) => name.Length == 0 ? BotReason.None
        : Array.IndexOf(BotReasons.Names, name) is > 0 and var reason ? (BotReason)reason : throw new FormatException($"{name} is no reason for which a hit is a robot's.");
}
