using System.Globalization;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Footfall.History.Planning;
using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>
/// The money of purchases and refunds. A transaction is bought once, however much later it is sent again. A refund without an amount and without items is that of the whole
/// transaction, and one with items is that of these, as GA4 has it (https://developers.google.com/analytics/devguides/collection/ga4/ecommerce#refunds): where they have no
/// price, at the price they were bought for. What a refund does not say itself is never more than what is left of the transaction.
/// </summary>
internal sealed class Orders(TextNumbers texts, DetailsReader details)
{
    private readonly record struct Key(int Site, ulong Transaction);

    /// <param name="Product">And its <c>item_id</c>: numbers of texts.</param>
    private readonly record struct BoughtItem(int Product, int ItemId, decimal? Price, decimal Quantity);

    private sealed class Bought(decimal value, int currency)
    {
        public decimal Value => value;

        public int Currency => currency;

        public List<BoughtItem> Items { get; } = [];

        /// <summary>In the same currency.</summary>
        public decimal Refunded { get; set; }

        public decimal Left => Math.Max(0, value - Refunded);
    }

    private readonly Dictionary<Key, Bought> _bought = [];

    public static bool IsOrder(byte kind) => kind is (byte)HitKind.Purchase or (byte)HitKind.Refund;

    /// <summary>Asks the store for the transactions of a batch.</summary>
    /// <param name="converted">Whether it has rows that were written before the installation had a secret.</param>
    public void Fetch(DuckDBConnection connection, Span<HitRow> rows, bool converted)
    {
        _bought.Clear();
        if (converted) KeepConverted(connection, rows);
        var (any, refunds) = (false, new HashSet<Key>());
        foreach (ref readonly var row in rows)
        {
            if (!Names(row)) continue;
            any = true;
            if (row.Kind == (byte)HitKind.Refund) refunds.Add(new Key(row.Site, row.Transaction));
        }
        if (!any) return;
        Want(connection, rows, static row => row.Transaction);
        var visits = new Dictionary<(long Visit, long Time, long Position, int Seq), Bought>();
        var days = new HashSet<long>();
        foreach (var found in connection.Query($"SELECT o.site, o.transaction, o.value, o.currency, o.visit, o.time, o.position, o.seq, o.day - {Columns.Epoch} FROM orders o SEMI JOIN wanted_orders w ON w.site = o.site AND w.transaction = o.transaction WHERE o.kind = 6"))
        {
            var key = new Key(found.GetInt32(0), found.GetFieldValue<ulong>(1));
            var bought = _bought[key] = new Bought(found.GetDecimal(2), found.GetInt32(3));
            if (!refunds.Contains(key)) continue;
            visits[(found.GetInt64(4), found.GetInt64(5), found.GetInt64(6), found.GetInt32(7))] = bought;
            days.Add(found.GetInt64(8));
        }
        // Of days whose hits are gone.
        foreach (var found in connection.Query("SELECT o.site, o.transaction, o.value, o.currency FROM removed_orders o SEMI JOIN wanted_orders w ON w.site = o.site AND w.transaction = o.transaction"))
            _bought.TryAdd(new Key(found.GetInt32(0), found.GetFieldValue<ulong>(1)), new Bought(found.GetDecimal(2), found.GetInt32(3)));
        if (refunds.Count == 0) return;
        foreach (var found in connection.Query("SELECT o.site, o.transaction, o.currency, sum(o.value) FROM orders o SEMI JOIN wanted_orders w ON w.site = o.site AND w.transaction = o.transaction WHERE o.kind = 7 GROUP BY ALL"))
        {
            if (_bought.TryGetValue(new Key(found.GetInt32(0), found.GetFieldValue<ulong>(1)), out var bought) && bought.Currency == found.GetInt32(2)) bought.Refunded += found.GetDecimal(3);
        }
        if (visits.Count == 0) return;
        var where = $"day IN ({string.Join(", ", days.Select(day => DaySet.Date((int)day)))}) AND visit IN ({string.Join(", ", visits.Keys.Select(key => key.Visit.ToString(CultureInfo.InvariantCulture)).Distinct())})";
        foreach (var item in connection.Query($"SELECT i.visit, i.time, i.position, i.seq, i.product, p.item_id, i.price, i.quantity FROM items i JOIN products p ON p.id = i.product WHERE i.kind = 6 AND {where} ORDER BY i.rowid"))
        {
            if (visits.TryGetValue((item.GetInt64(0), item.GetInt64(1), item.GetInt64(2), item.GetInt32(3)), out var bought))
                bought.Items.Add(new BoughtItem(item.GetInt32(4), item.GetInt32(5), item.IsDBNull(6) ? null : item.GetDecimal(6), item.GetDecimal(7)));
        }
    }

    /// <summary>What belongs to an order of before the secret keeps the transaction that this order has.</summary>
    private static void KeepConverted(DuckDBConnection connection, Span<HitRow> rows)
    {
        Want(connection, rows, static row => row.ConvertedTransaction);
        const string All = "(SELECT site, transaction FROM orders UNION ALL SELECT site, transaction FROM removed_orders)";
        var known = connection.Query($"SELECT site, transaction FROM {All} SEMI JOIN wanted_orders USING (site, transaction)")
            .Select(found => new Key(found.GetInt32(0), found.GetFieldValue<ulong>(1))).ToHashSet();
        foreach (ref var row in rows)
            if (Names(row) && known.Contains(new Key(row.Site, row.ConvertedTransaction))) row.Transaction = row.ConvertedTransaction;
    }

    private static void Want(DuckDBConnection connection, ReadOnlySpan<HitRow> rows, Func<HitRow, ulong> transaction)
    {
        connection.Run("CREATE OR REPLACE TEMP TABLE wanted_orders (site INTEGER, transaction UBIGINT)");
        using var wanted = connection.CreateAppender("temp", "main", "wanted_orders");
        foreach (ref readonly var row in rows)
            if (Names(row)) wanted.CreateRow().AppendValue((int?)row.Site).AppendValue((ulong?)transaction(row)).EndRow();
    }

    /// <summary>Settles what a purchase or refund is worth; <see cref="HitRow.Value"/>, <see cref="HitRow.Currency"/> and its items are then set. The texts are resolved.</summary>
    /// <param name="siteCurrency">The number of the site's currency, for an amount without one.</param>
    public void Settle(ref HitRow row, int siteCurrency)
    {
        if (!IsOrder(row.Kind))
        {
            if (row.Value is not null && row.Currency == 0) row.Currency = siteCurrency;
            return;
        }
        var key = new Key(row.Site, row.Transaction);
        var bought = row.Transaction == 0 ? null : _bought.GetValueOrDefault(key);
        if (row.Kind == (byte)HitKind.Refund) Refund(ref row, bought, siteCurrency);
        else if (bought is not null) (row.Kind, row.Value) = (StoredKind.RepeatedPurchase, null);
        else
        {
            row.Value ??= Sum(row) ?? 0;
            if (row.Currency == 0) row.Currency = siteCurrency;
            if (row.Transaction == 0) return;
            bought = _bought[key] = new Bought(row.Value.Value, texts.Final(row.Currency));
            foreach (ref readonly var item in Items(row)) bought.Items.Add(new BoughtItem(texts.Final(item.Product), ItemId(item), item.Price, item.Quantity));
        }
    }

    private void Refund(ref HitRow row, Bought? bought, int siteCurrency)
    {
        if (bought is not null && (row.Currency == 0 || texts.Final(row.Currency) == bought.Currency))
        {
            row.Currency = bought.Currency;
            if (row.Items > 0) Price(row, bought);
            else if (row.Value is null && bought.Refunded == 0) TakeAll(ref row, bought);
            if (row.Value is null)
            {
                // Items without a price anywhere don't say how much of it they are.
                row.Value = Math.Min((row.Items > 0 ? Sum(row) : null) ?? bought.Left, bought.Left);
            }
            bought.Refunded += row.Value.Value;
        }
        row.Value ??= Sum(row) ?? 0;
        if (row.Currency == 0) row.Currency = siteCurrency;
    }

    /// <summary>Items of a refund that have no price were bought at one; one of them that the transaction does not have is worth nothing.</summary>
    private void Price(in HitRow row, Bought bought)
    {
        var priced = bought.Items.Where(item => item.Price is not null).ToList();
        if (priced.Count == 0) return;
        foreach (ref var item in Items(row))
        {
            if (item.Price is not null) continue;
            var (product, id) = (texts.Final(item.Product), ItemId(item));
            var same = priced.FindIndex(each => each.Product == product);
            if (same < 0 && id != 0) same = priced.FindIndex(each => each.ItemId == id);
            item.Price = same < 0 ? 0 : priced[same].Price;
        }
    }

    /// <summary>Gives a refund of the whole transaction its products.</summary>
    private void TakeAll(ref HitRow row, Bought bought)
    {
        (row.FirstItem, row.Items) = (details.Items.Count, bought.Items.Count);
        foreach (var item in bought.Items) details.Items.Add(new ItemRow { Product = item.Product, Price = item.Price, Quantity = item.Quantity });
        row.Value = bought.Value;
    }

    private static bool Names(in HitRow row) => row.Transaction != 0 && IsOrder(row.Kind);

    private int ItemId(in ItemRow item) => details.Products.TryGetValue(item.Product, out var product) ? texts.Final(product.Id) : 0;

    private Span<ItemRow> Items(in HitRow row) => CollectionsMarshal.AsSpan(details.Items).Slice(row.FirstItem, row.Items);

    private decimal? Sum(in HitRow row)
    {
        decimal? sum = null;
        foreach (ref readonly var item in Items(row))
            if (item.Price is { } price) sum = (sum ?? 0) + price * item.Quantity;
        return sum is { } total ? Math.Min(decimal.Round(total, 6), Decimals.MostAmount) : null;
    }
}
