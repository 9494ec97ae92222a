using System.Globalization;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Projection;

/// <summary>
/// The money of purchases and refunds. A transaction counts once, however late it is sent again. A refund without an amount and items
/// refunds the whole transaction, and one with items refunds only these, as in GA4
/// (https://developers.google.com/analytics/devguides/collection/ga4/ecommerce#refunds): without a price, at the purchase price. An
/// inferred amount never exceeds what is left of the transaction.
/// </summary>
internal sealed class OrderLedger(StringTable texts, DetailsReader details)
{
    private readonly record struct Key(int Site, ulong Transaction);

    /// <param name="Product">The product and its <c>item_id</c>, as numbers of texts.</param>
    private readonly record struct PurchasedItem(int Product, int ItemId, decimal? Price, decimal Quantity);

    private sealed class Purchase(decimal value, int currency)
    {
        public decimal Value => value;

        public int Currency => currency;

        public List<PurchasedItem> Items { get; } = [];

        /// <summary>In the same currency.</summary>
        public decimal Refunded { get; set; }

        public decimal Remaining => Math.Max(0, value - Refunded);
    }

    private readonly Dictionary<Key, Purchase> _purchases = [];

    public static bool IsOrder(byte kind) => kind is (byte)HitKind.Purchase or (byte)HitKind.Refund;

    /// <summary>Looks up the transactions of a batch in the store.</summary>
    /// <param name="converted">Whether the store has rows written before the installation had a secret.</param>
    public void Fetch(DuckDBConnection connection, Span<HitRow> rows, bool converted)
    {
        _purchases.Clear();
        if (converted) KeepConvertedTransactions(connection, rows);
        var (any, refunds) = (false, new HashSet<Key>());
        foreach (ref readonly var row in rows)
        {
            if (!HasTransaction(row)) continue;
            any = true;
            if (row.Kind == (byte)HitKind.Refund) refunds.Add(new Key(row.Site, row.Transaction));
        }
        if (!any) return;
        WriteWantedOrders(connection, rows, static row => row.Transaction);
        var visits = new Dictionary<(long Visit, long Time, long Position, int Seq), Purchase>();
        var days = new HashSet<long>();
        foreach (var found in connection.Query(
            $"SELECT o.site, o.transaction, o.value, o.currency, o.visit, o.time, o.position, o.seq, o.day - {DimensionColumns.Epoch} " +
            $"FROM orders o SEMI JOIN wanted_orders w ON w.site = o.site AND w.transaction = o.transaction WHERE o.kind = 6"))
        {
            var key = new Key(found.GetInt32(0), found.GetFieldValue<ulong>(1));
            var purchase = _purchases[key] = new Purchase(found.GetDecimal(2), found.GetInt32(3));
            if (!refunds.Contains(key)) continue;
            visits[(found.GetInt64(4), found.GetInt64(5), found.GetInt64(6), found.GetInt32(7))] = purchase;
            days.Add(found.GetInt64(8));
        }
        // From days whose hits are deleted.
        foreach (var found in connection.Query(
            "SELECT o.site, o.transaction, o.value, o.currency FROM removed_orders o SEMI JOIN wanted_orders w ON w.site = o.site AND " +
            "w.transaction = o.transaction"))
            _purchases.TryAdd(new Key(found.GetInt32(0), found.GetFieldValue<ulong>(1)),
                new Purchase(found.GetDecimal(2), found.GetInt32(3)));
        if (refunds.Count == 0) return;
        foreach (var found in connection.Query(
            "SELECT o.site, o.transaction, o.currency, sum(o.value) FROM orders o SEMI JOIN wanted_orders w ON w.site = o.site AND " +
            "w.transaction = o.transaction WHERE o.kind = 7 GROUP BY ALL"))
        {
            if (_purchases.TryGetValue(new Key(found.GetInt32(0), found.GetFieldValue<ulong>(1)), out var purchase)
                && purchase.Currency == found.GetInt32(2)) purchase.Refunded += found.GetDecimal(3);
        }
        if (visits.Count == 0) return;
        var where = $"day IN ({string.Join(", ", days.Select(day => DaySet.DateLiteral((int)day)))}) AND visit IN " +
            $"({string.Join(", ", visits.Keys.Select(key => key.Visit.ToString(CultureInfo.InvariantCulture)).Distinct())})";
        foreach (var item in connection.Query(
            $"SELECT i.visit, i.time, i.position, i.seq, i.product, p.item_id, i.price, i.quantity FROM items i JOIN products p ON p.id " +
            $"= i.product WHERE i.kind = 6 AND {where} ORDER BY i.rowid"))
        {
            if (visits.TryGetValue((item.GetInt64(0), item.GetInt64(1), item.GetInt64(2), item.GetInt32(3)), out var purchase))
                purchase.Items.Add(new PurchasedItem(item.GetInt32(4), item.GetInt32(5), item.IsDBNull(6) ? null
                    : item.GetDecimal(6), item.GetDecimal(7)));
        }
    }

    /// <summary>A row that belongs to an order from before the secret keeps that order's transaction hash.</summary>
    private static void KeepConvertedTransactions(DuckDBConnection connection, Span<HitRow> rows)
    {
        WriteWantedOrders(connection, rows, static row => row.ConvertedTransaction);
        const string All = "(SELECT site, transaction FROM orders UNION ALL SELECT site, transaction FROM removed_orders)";
        var known = connection.Query($"SELECT site, transaction FROM {All} SEMI JOIN wanted_orders USING (site, transaction)")
            .Select(found => new Key(found.GetInt32(0), found.GetFieldValue<ulong>(1))).ToHashSet();
        foreach (ref var row in rows)
            if (HasTransaction(row) && known.Contains(new Key(row.Site, row.ConvertedTransaction)))
                row.Transaction = row.ConvertedTransaction;
    }

    private static void WriteWantedOrders(DuckDBConnection connection, ReadOnlySpan<HitRow> rows, Func<HitRow, ulong> transaction)
    {
        connection.Execute("CREATE OR REPLACE TEMP TABLE wanted_orders (site INTEGER, transaction UBIGINT)");
        using var wanted = connection.CreateAppender("temp", "main", "wanted_orders");
        foreach (ref readonly var row in rows)
            if (HasTransaction(row)) wanted.CreateRow().AppendValue((int?)row.Site).AppendValue((ulong?)transaction(row)).EndRow();
    }

    /// <summary>
    /// Determines the value of a purchase or refund and sets <see cref="HitRow.Value"/>, <see cref="HitRow.Currency"/> and its items. The
    /// texts must be resolved.
    /// </summary>
    /// <param name="siteCurrency">The number of the site's currency, for an amount without one.</param>
    public void ResolveAmount(ref HitRow row, int siteCurrency)
    {
        if (!IsOrder(row.Kind))
        {
            if (row.Value is not null && row.Currency == 0) row.Currency = siteCurrency;
            return;
        }
        var key = new Key(row.Site, row.Transaction);
        var purchase = row.Transaction == 0 ? null : _purchases.GetValueOrDefault(key);
        if (row.Kind == (byte)HitKind.Refund) Refund(ref row, purchase, siteCurrency);
        else if (purchase is not null) (row.Kind, row.Value) = (StoredHitKind.RepeatedPurchase, null);
        else
        {
            row.Value ??= Sum(row) ?? 0;
            if (row.Currency == 0) row.Currency = siteCurrency;
            if (row.Transaction == 0) return;
            purchase = _purchases[key] = new Purchase(row.Value.Value, texts.FinalNumber(row.Currency));
            foreach (ref readonly var item in Items(row))
                purchase.Items.Add(new PurchasedItem(texts.FinalNumber(item.Product), ItemId(item), item.Price, item.Quantity));
        }
    }

    private void Refund(ref HitRow row, Purchase? purchase, int siteCurrency)
    {
        if (purchase is not null && (row.Currency == 0 || texts.FinalNumber(row.Currency) == purchase.Currency))
        {
            row.Currency = purchase.Currency;
            if (row.ItemCount > 0) PriceItems(row, purchase);
            else if (row.Value is null && purchase.Refunded == 0) RefundAll(ref row, purchase);
            if (row.Value is null)
            {
                // Items without any price don't show their share of the transaction.
                row.Value = Math.Min((row.ItemCount > 0 ? Sum(row) : null) ?? purchase.Remaining, purchase.Remaining);
            }
            purchase.Refunded += row.Value.Value;
        }
        row.Value ??= Sum(row) ?? 0;
        if (row.Currency == 0) row.Currency = siteCurrency;
    }

    /// <summary>Refunded items without a price get the purchase price; an item that is not in the transaction is worth nothing.</summary>
    private void PriceItems(in HitRow row, Purchase purchase)
    {
        var priced = purchase.Items.Where(item => item.Price is not null).ToList();
        if (priced.Count == 0) return;
        foreach (ref var item in Items(row))
        {
            if (item.Price is not null) continue;
            var (product, id) = (texts.FinalNumber(item.Product), ItemId(item));
            var same = priced.FindIndex(each => each.Product == product);
            if (same < 0 && id != 0) same = priced.FindIndex(each => each.ItemId == id);
            item.Price = same < 0 ? 0 : priced[same].Price;
        }
    }

    /// <summary>Gives a refund of the whole transaction its products.</summary>
    private void RefundAll(ref HitRow row, Purchase purchase)
    {
        (row.FirstItemIndex, row.ItemCount) = (details.Items.Count, purchase.Items.Count);
        foreach (var item in purchase.Items)
            details.Items.Add(new ItemRow { Product = item.Product, Price = item.Price, Quantity = item.Quantity });
        row.Value = purchase.Value;
    }

    private static bool HasTransaction(in HitRow row) => row.Transaction != 0 && IsOrder(row.Kind);

    private int ItemId(in ItemRow item) => details.Products.TryGetValue(item.Product, out var product) ? texts.FinalNumber(product.Id) : 0;

    private Span<ItemRow> Items(in HitRow row) => CollectionsMarshal.AsSpan(details.Items).Slice(row.FirstItemIndex, row.ItemCount);

    private decimal? Sum(in HitRow row)
    {
        decimal? sum = null;
        foreach (ref readonly var item in Items(row))
            if (item.Price is { } price) sum = (sum ?? 0) + price * item.Quantity;
        return sum is { } total ? Math.Min(decimal.Round(total, 6), Decimals.MaxAmount) : null;
    }
}
