using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Queries;

namespace Footfall.History.Export;

/// <summary>The transactions and the items of some hits.</summary>
internal sealed class OrderDetails
{
    private readonly record struct Key(long Position, long Time, long Visit, byte Kind, int Seq);

    private readonly record struct Item(int Product, decimal? Price, decimal Quantity);

    private readonly Dictionary<Key, List<Item>> _items = [];
    private readonly Dictionary<Key, ulong> _transactions = [];
    private readonly ExportTexts _texts;

    /// <param name="where">The condition on the hits.</param>
    public OrderDetails(Snapshot snapshot, string where, ExportTexts texts)
    {
        _texts = texts;
        foreach (var (key,
            item) in snapshot.Read(
                $"SELECT position, time, visit, kind, seq, product, price, quantity FROM items WHERE {where} ORDER BY position, rowid",
                null, row =>
            (KeyOf(row), new Item(texts.Request(row.GetInt32(5)), row.IsDBNull(6) ? null : row.GetDecimal(6), row.GetDecimal(7)))))
        {
            if (!_items.TryGetValue(key, out var items)) _items[key] = items = [];
            items.Add(item);
        }
        foreach (var (key, transaction) in snapshot.Read(
            $"SELECT position, time, visit, kind, seq, transaction FROM orders WHERE {where} AND transaction > 0", null, row =>
            (KeyOf(row), row.GetFieldValue<ulong>(5))))
            _transactions[key] = transaction;
    }

    /// <summary>The transaction hash of a hit and its items in JSON, each null for none.</summary>
    public (string? Transaction, string? Items) Find(long position, long time, long visit, byte kind, int seq)
    {
        var key = new Key(position, time, visit, kind, seq);
        return (_transactions.TryGetValue(key, out var transaction) ? transaction.ToString("x16", CultureInfo.InvariantCulture)
            : null, _items.TryGetValue(key, out var items) ? ToJson(items) : null);
    }

    private string ToJson(List<Item> items)
    {
        var json = new StringBuilder("[");
        foreach (var item in items)
        {
            // The text of a product is an object without price and quantity.
            var product = _texts.Find(item.Product) ?? "{}";
            if (json.Length > 1) json.Append(',');
            json.Append(product.AsSpan(0, product.Length - 1));
            if (product.Length > 2) json.Append(',');
            if (item.Price is { } price) json.Append(CultureInfo.InvariantCulture, $"\"price\":\"{Decimals.TrimZeros(price)}\",");
            json.Append(CultureInfo.InvariantCulture, $"\"quantity\":\"{Decimals.TrimZeros(item.Quantity)}\"}}");
        }
        return json.Append(']').ToString();
    }

    private static Key KeyOf(DuckDBDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), (byte)row.GetFieldValue<sbyte>(3), row.GetInt32(4));
}
