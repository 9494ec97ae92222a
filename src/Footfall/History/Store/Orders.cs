using DuckDB.NET.Data;

namespace Footfall.History.Store;

/// <summary>
/// The money of purchases and refunds. A transaction is bought once, however much later it is sent again. A refund without an amount is that of the whole
/// transaction, as GA4 has it (https://developers.google.com/analytics/devguides/collection/ga4/ecommerce#refunds).
/// </summary>
internal sealed class Orders
{
    private readonly record struct Key(int Site, ulong Transaction);

    private readonly Dictionary<Key, (decimal Value, int Currency)> _bought = [];

    /// <summary>Asks the store for the transactions of a batch.</summary>
    public void Fetch(DuckDBConnection connection, ReadOnlySpan<HitRow> rows)
    {
        _bought.Clear();
        var any = false;
        foreach (ref readonly var row in rows) any |= row.Transaction != 0 && IsOrder(row.Kind);
        if (!any) return;
        connection.Run("CREATE OR REPLACE TEMP TABLE wanted_orders (site INTEGER, transaction UBIGINT)");
        using (var wanted = connection.CreateAppender("temp", "main", "wanted_orders"))
        {
            foreach (ref readonly var row in rows)
                if (row.Transaction != 0 && IsOrder(row.Kind)) wanted.CreateRow().AppendValue((int?)row.Site).AppendValue((ulong?)row.Transaction).EndRow();
        }
        foreach (var found in connection.Query("SELECT o.site, o.transaction, o.value, o.currency FROM orders o SEMI JOIN wanted_orders w ON w.site = o.site AND w.transaction = o.transaction WHERE o.kind = 6"))
            _bought[new Key(found.GetInt32(0), found.GetFieldValue<ulong>(1))] = (found.GetDecimal(2), found.GetInt32(3));
    }

    public static bool IsOrder(byte kind) => kind is (byte)Words.HitKind.Purchase or (byte)Words.HitKind.Refund;

    /// <summary>Settles what a purchase or refund is worth; <see cref="HitRow.Value"/> and <see cref="HitRow.Currency"/> are then set.</summary>
    /// <param name="siteCurrency">The number of the site's currency, for an amount without one.</param>
    public void Settle(ref HitRow row, ReadOnlySpan<ItemRow> items, int siteCurrency)
    {
        if (row.Value is not null && row.Currency == 0) row.Currency = siteCurrency;
        if (!IsOrder(row.Kind)) return;
        var key = new Key(row.Site, row.Transaction);
        var bought = row.Transaction != 0 && _bought.TryGetValue(key, out var order) ? order : default((decimal Value, int Currency)?);
        if (row.Kind == (byte)Words.HitKind.Purchase)
        {
            if (bought is not null)
            {
                (row.Kind, row.Value) = (StoredKind.RepeatedPurchase, null);
                return;
            }
            row.Value ??= Sum(items) ?? 0;
            if (row.Currency == 0) row.Currency = siteCurrency;
            if (row.Transaction != 0) _bought[key] = (row.Value.Value, row.Currency);
            return;
        }
        if (row.Value is null && Sum(items) is { } sum) row.Value = sum;
        if (row.Value is null && bought is { } whole) (row.Value, row.Currency) = whole;
        row.Value ??= 0;
        if (row.Currency == 0) row.Currency = bought?.Currency ?? siteCurrency;
    }

    private static decimal? Sum(ReadOnlySpan<ItemRow> items)
    {
        decimal? sum = null;
        foreach (ref readonly var item in items)
            if (item.Price is { } price) sum = (sum ?? 0) + price * item.Quantity;
        return sum is { } total ? Math.Min(decimal.Round(total, 6), Words.Decimals.MostAmount) : null;
    }
}
