using DuckDB.NET.Data;
using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>
/// Appends rows. DuckDB.NET's appender writes by the type of the value, not of the column: each value is cast to the exact nullable type of its column,
/// and a test reads every column back.
/// </summary>
internal sealed class HitWriter(TextNumbers texts, DetailsReader details)
{
    private readonly SameMoment _moments = new();

    /// <param name="rows">Whole commits, in the order of the journal, with their visits; each gets its <see cref="HitRow.Seq"/> here.</param>
    public void Write(DuckDBConnection connection, Span<HitRow> rows)
    {
        _moments.Number(rows);
        WriteTexts(connection);
        WriteHits(connection, rows);
        WriteOpened(connection, rows);
        WriteItemsAndOrders(connection, rows);
        WriteBots(connection, rows);
    }

    private void WriteTexts(DuckDBConnection connection)
    {
        // A product that became (other) as a whole is one product, whose parts are all (other).
        if (details.Products.Keys.Any(key => texts.Final(key) == texts.Other))
            connection.Run("INSERT INTO products SELECT $1, $1, $1, $1, $1, $1 WHERE NOT EXISTS (FROM products WHERE id = $1)", texts.Other);
        using var added = connection.CreateAppender("texts");
        using var products = connection.CreateAppender("products");
        using var props = connection.CreateAppender("props");
        var ids = new HashSet<int>();
        foreach (var (id, text) in texts.Added)
        {
            added.CreateRow().AppendValue((int?)id).AppendValue(text).EndRow();
            ids.Add(id);
        }
        // Of a text that is new the parts are new too.
        foreach (var (key, product) in details.Products)
        {
            if (!ids.Contains(texts.Final(key)) || texts.Final(key) == texts.Other) continue;
            products.CreateRow().AppendValue((int?)texts.Final(key)).AppendValue((int?)texts.Final(product.Id)).AppendValue((int?)texts.Final(product.Name))
                .AppendValue((int?)texts.Final(product.Category)).AppendValue((int?)texts.Final(product.Brand)).AppendValue((int?)texts.Final(product.Variant)).EndRow();
        }
        foreach (var (key, set) in details.Props)
        {
            if (!ids.Contains(texts.Final(key)) || texts.Final(key) == texts.Other) continue;
            foreach (var (name, value) in set)
                props.CreateRow().AppendValue((int?)texts.Final(key)).AppendValue((int?)texts.Final(name)).AppendValue((int?)texts.Final(value)).EndRow();
        }
    }

    private void WriteHits(DuckDBConnection connection, ReadOnlySpan<HitRow> rows)
    {
        using var hits = connection.CreateAppender("hits");
        foreach (ref readonly var row in rows)
        {
            if (row.Bot != BotReason.None) continue;
            hits.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((long?)row.Position).AppendValue((long?)row.Time)
                .AppendValue((short?)row.Zone).AppendValue((long?)row.Visit).AppendValue((long?)row.Visitor).AppendValue((sbyte?)row.Kind)
                .AppendValue((int?)texts.Final(row.Page)).AppendValue((int?)texts.Final(row.Host)).AppendValue((int?)texts.Final(row.Name))
                .AppendValue((int?)texts.Final(row.Props)).AppendAmount(row.Value).AppendValue((int?)texts.Final(row.Currency)).AppendValue((int?)row.Seq).EndRow();
        }
    }

    private void WriteOpened(DuckDBConnection connection, ReadOnlySpan<HitRow> rows)
    {
        using var opened = connection.CreateAppender("opened");
        using var identities = connection.CreateAppender("identities");
        foreach (ref readonly var row in rows)
        {
            if (!row.Opened || row.Bot != BotReason.None) continue;
            var visit = row.Attributes >= 0 ? details.Attributes[row.Attributes] : default;
            opened.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((long?)row.Visit).AppendValue((long?)row.Visitor)
                .AppendValue((long?)row.Time).AppendValue((short?)row.Zone).AppendValue((short?)row.Country.Index)
                .AppendValue((int?)texts.Final(visit.Source)).AppendValue((int?)texts.Final(visit.Channel)).AppendValue((int?)texts.Final(visit.Referrer))
                .AppendValue((int?)texts.Final(visit.UtmSource)).AppendValue((int?)texts.Final(visit.UtmMedium)).AppendValue((int?)texts.Final(visit.UtmCampaign))
                .AppendValue((int?)texts.Final(visit.UtmContent)).AppendValue((int?)texts.Final(visit.UtmTerm))
                .AppendValue((int?)texts.Final(visit.Browser)).AppendValue((int?)texts.Final(visit.BrowserVersion)).AppendValue((int?)texts.Final(visit.Os))
                .AppendValue((int?)texts.Final(visit.OsVersion)).AppendValue((int?)texts.Final(visit.Device)).AppendValue((int?)texts.Final(visit.Screen))
                .AppendValue((int?)texts.Final(visit.Language)).EndRow();
            if (row.Hash == 0) continue;
            identities.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((ulong?)row.Hash).AppendValue((long?)row.Visitor)
                .AppendValue((long?)row.Visit).AppendValue((long?)row.CommittedAt).EndRow();
        }
    }

    private void WriteItemsAndOrders(DuckDBConnection connection, ReadOnlySpan<HitRow> rows)
    {
        using var items = connection.CreateAppender("items");
        using var orders = connection.CreateAppender("orders");
        foreach (ref readonly var row in rows)
        {
            if (row.Bot != BotReason.None || (row.Items == 0 && !Orders.IsOrder(row.Kind))) continue;
            var units = 0m;
            for (var i = row.FirstItem; i < row.FirstItem + row.Items; i++)
            {
                var item = details.Items[i];
                units += item.Quantity;
                items.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((long?)row.Position).AppendValue((long?)row.Time)
                    .AppendValue((long?)row.Visit).AppendValue((long?)row.Visitor).AppendValue((sbyte?)row.Kind).AppendValue((int?)texts.Final(item.Product))
                    .AppendAmount(item.Price).AppendAmount(item.Quantity).AppendValue((int?)texts.Final(row.Currency)).AppendValue((int?)row.Seq).EndRow();
            }
            if (!Orders.IsOrder(row.Kind)) continue;
            orders.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((long?)row.Position).AppendValue((long?)row.Time)
                .AppendValue((short?)row.Zone).AppendValue((long?)row.Visit).AppendValue((long?)row.Visitor).AppendValue((sbyte?)row.Kind)
                .AppendValue((ulong?)row.Transaction).AppendAmount(row.Value ?? 0).AppendAmount(Math.Min(units, Decimals.MostAmount)).AppendValue((int?)texts.Final(row.Currency))
                .AppendValue((int?)row.Seq).EndRow();
        }
    }

    private void WriteBots(DuckDBConnection connection, ReadOnlySpan<HitRow> rows)
    {
        using var bots = connection.CreateAppender("bots");
        foreach (ref readonly var row in rows)
        {
            if (row.Bot == BotReason.None) continue;
            bots.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((long?)row.Position).AppendValue((long?)row.Time)
                .AppendValue((short?)row.Zone).AppendValue((short?)row.Country.Index).AppendValue((sbyte?)row.Bot).AppendValue((sbyte?)row.Kind)
                .AppendValue((int?)texts.Final(row.Page)).EndRow();
        }
    }
}

file static class Amounts
{
    public static IDuckDBAppenderRow AppendAmount(this IDuckDBAppenderRow row, decimal? amount) =>
        amount is { } known ? row.AppendValue((decimal?)known) : row.AppendNullValue();
}
