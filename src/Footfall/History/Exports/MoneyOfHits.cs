using System.Globalization;
using System.Text;
using Footfall.History.Planning;
using Footfall.Words;

namespace Footfall.History.Exports;

/// <summary>
/// The transactions and the items of some hits. The store does not say which hit an item is of, but both were written in the same order: of hits that are alike the first takes
/// as many items as its order has pieces.
/// </summary>
internal sealed class MoneyOfHits
{
    private readonly record struct Key(long Position, long Time, long Visit, byte Kind);

    private readonly record struct Item(int Product, decimal? Price, decimal Quantity);

    private readonly Dictionary<Key, Queue<Item>> _items = [];
    private readonly Dictionary<Key, Queue<(ulong Transaction, decimal Units)>> _orders = [];
    private readonly Texts _texts;

    /// <param name="where">Of the hits.</param>
    public MoneyOfHits(Snapshot snapshot, string where, Texts texts)
    {
        _texts = texts;
        foreach (var (key, item) in snapshot.Read($"SELECT position, time, visit, kind, product, price, quantity FROM items WHERE {where} ORDER BY position, rowid", null, row =>
            (KeyOf(row), new Item(texts.Want(row.GetInt32(4)), row.IsDBNull(5) ? null : row.GetDecimal(5), row.GetDecimal(6)))))
            Add(_items, key, item);
        foreach (var (key, order) in snapshot.Read($"SELECT position, time, visit, kind, transaction, units FROM orders WHERE {where} ORDER BY position, rowid", null, row =>
            (KeyOf(row), (row.GetFieldValue<ulong>(4), row.GetDecimal(5)))))
            Add(_orders, key, order);
    }

    /// <summary>What belongs to the next hit of a kind: the hash of its transaction, and its items in JSON, each null for none.</summary>
    public (string? Transaction, string? Items) Take(long position, long time, long visit, byte kind)
    {
        var key = new Key(position, time, visit, kind);
        var order = _orders.TryGetValue(key, out var orders) ? orders.Dequeue() : default((ulong Transaction, decimal Units)?);
        var items = _items.TryGetValue(key, out var queue) ? Items(queue, orders is { Count: > 0 } ? order!.Value.Units : null) : null;
        return (order is { Transaction: > 0 } bought ? bought.Transaction.ToString("x16", CultureInfo.InvariantCulture) : null, items);
    }

    /// <param name="units">How many pieces are of this hit; null for all.</param>
    private string? Items(Queue<Item> queue, decimal? units)
    {
        if (queue.Count == 0 || units == 0) return null;
        var json = new StringBuilder("[");
        for (var sum = 0m; queue.Count > 0 && (units is null || sum < units);)
        {
            var item = queue.Dequeue();
            sum += item.Quantity;
            // The text of a product is an object without price and quantity.
            var product = _texts.Of(item.Product) ?? "{}";
            if (json.Length > 1) json.Append(',');
            json.Append(product.AsSpan(0, product.Length - 1));
            if (product.Length > 2) json.Append(',');
            if (item.Price is { } price) json.Append(CultureInfo.InvariantCulture, $"\"price\":\"{Decimals.Plain(price)}\",");
            json.Append(CultureInfo.InvariantCulture, $"\"quantity\":\"{Decimals.Plain(item.Quantity)}\"}}");
        }
        return json.Append(']').ToString();
    }

    private static Key KeyOf(DuckDB.NET.Data.DuckDBDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), (byte)row.GetFieldValue<sbyte>(3));

    private static void Add<T>(Dictionary<Key, Queue<T>> to, Key key, T value)
    {
        if (!to.TryGetValue(key, out var queue)) to[key] = queue = new Queue<T>();
        queue.Enqueue(value);
    }
}
