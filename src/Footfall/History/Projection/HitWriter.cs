using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Projection;

/// <summary>
/// Appends rows. DuckDB.NET's appender writes by the type of the value, not of the column, so each value is cast to the exact nullable type
/// of its column; a test reads every column back.
/// </summary>
internal sealed class HitWriter(StringTable texts, DetailsReader details)
{
    private readonly HitSequencer _sequencer = new();

    /// <param name="rows">Whole commits, in the order of the journal, with their visits; each gets its <see cref="HitRow.Sequence"/>
    /// here.</param>
    public void Write(DuckDBConnection connection, Span<HitRow> rows)
    {
        _sequencer.AssignSequence(rows);
        WriteTexts(connection);
        WriteHits(connection, rows);
        WriteOpened(connection, rows);
        WriteItemsAndOrders(connection, rows);
        WriteBots(connection, rows);
    }

    private void WriteTexts(DuckDBConnection connection)
    {
        // A product that became (other) as a whole is one product, whose parts are all (other).
        if (details.Products.Keys.Any(key => texts.FinalNumber(key) == texts.OtherNumber))
            connection.Execute("INSERT INTO products SELECT $1, $1, $1, $1, $1, $1 WHERE NOT EXISTS (FROM products WHERE id = $1)",
                texts.OtherNumber);
        using var added = connection.CreateAppender("texts");
        using var products = connection.CreateAppender("products");
        using var props = connection.CreateAppender("props");
        var ids = new HashSet<int>();
        foreach (var (id, text) in texts.Added)
        {
            added.CreateRow().AppendValue((int?)id).AppendValue(text).EndRow();
            ids.Add(id);
        }
        // The parts of a new text are new too.
        foreach (var (key, product) in details.Products)
        {
            if (!ids.Contains(texts.FinalNumber(key)) || texts.FinalNumber(key) == texts.OtherNumber) continue;
            products.CreateRow().AppendValue((int?)texts.FinalNumber(key)).AppendValue((int?)texts.FinalNumber(product.Id))
                .AppendValue((int?)texts.FinalNumber(product.Name))
                .AppendValue((int?)texts.FinalNumber(product.Category)).AppendValue((int?)texts.FinalNumber(product.Brand))
                .AppendValue((int?)texts.FinalNumber(product.Variant)).EndRow();
        }
        foreach (var (key, propSet) in details.Props)
        {
            if (!ids.Contains(texts.FinalNumber(key)) || texts.FinalNumber(key) == texts.OtherNumber) continue;
            foreach (var (name, value) in propSet)
                props.CreateRow().AppendValue((int?)texts.FinalNumber(key)).AppendValue((int?)texts.FinalNumber(name))
                    .AppendValue((int?)texts.FinalNumber(value)).EndRow();
        }
    }

    private void WriteHits(DuckDBConnection connection, ReadOnlySpan<HitRow> rows)
    {
        using var hits = connection.CreateAppender("hits");
        foreach (ref readonly var row in rows)
        {
            if (row.Bot != BotReason.None) continue;
            hits.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((long?)row.Position)
                .AppendValue((long?)row.Time)
                .AppendValue((short?)row.UtcOffset).AppendValue((long?)row.Visit).AppendValue((long?)row.Visitor)
                .AppendValue((sbyte?)row.Kind)
                .AppendValue((int?)texts.FinalNumber(row.Page)).AppendValue((int?)texts.FinalNumber(row.Host))
                .AppendValue((int?)texts.FinalNumber(row.Name))
                .AppendValue((int?)texts.FinalNumber(row.Props)).AppendAmount(row.Value).AppendValue((int?)texts.FinalNumber(row.Currency))
                .AppendValue((int?)row.Sequence).EndRow();
        }
    }

    private void WriteOpened(DuckDBConnection connection, ReadOnlySpan<HitRow> rows)
    {
        using var opened = connection.CreateAppender("opened");
        using var identities = connection.CreateAppender("identities");
        foreach (ref readonly var row in rows)
        {
            if (!row.OpensVisit || row.Bot != BotReason.None) continue;
            var visit = row.AttributesIndex >= 0 ? details.Attributes[row.AttributesIndex] : default;
            opened.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((long?)row.Visit)
                .AppendValue((long?)row.Visitor)
                .AppendValue((long?)row.Time).AppendValue((short?)row.UtcOffset).AppendValue((short?)row.Country.Index)
                .AppendValue((int?)texts.FinalNumber(visit.Source)).AppendValue((int?)texts.FinalNumber(visit.Channel))
                .AppendValue((int?)texts.FinalNumber(visit.Referrer))
                .AppendValue((int?)texts.FinalNumber(visit.UtmSource)).AppendValue((int?)texts.FinalNumber(visit.UtmMedium))
                .AppendValue((int?)texts.FinalNumber(visit.UtmCampaign))
                .AppendValue((int?)texts.FinalNumber(visit.UtmContent)).AppendValue((int?)texts.FinalNumber(visit.UtmTerm))
                .AppendValue((int?)texts.FinalNumber(visit.Browser)).AppendValue((int?)texts.FinalNumber(visit.BrowserVersion))
                .AppendValue((int?)texts.FinalNumber(visit.Os))
                .AppendValue((int?)texts.FinalNumber(visit.OsVersion)).AppendValue((int?)texts.FinalNumber(visit.Device))
                .AppendValue((int?)texts.FinalNumber(visit.Screen))
                .AppendValue((int?)texts.FinalNumber(visit.Language)).EndRow();
            if (row.Hash == 0) continue;
            identities.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day))
                .AppendValue((ulong?)row.Hash).AppendValue((long?)row.Visitor)
                .AppendValue((long?)row.Visit).AppendValue((long?)row.CommittedAt).EndRow();
        }
    }

    private void WriteItemsAndOrders(DuckDBConnection connection, ReadOnlySpan<HitRow> rows)
    {
        using var items = connection.CreateAppender("items");
        using var orders = connection.CreateAppender("orders");
        foreach (ref readonly var row in rows)
        {
            if (row.Bot != BotReason.None || (row.ItemCount == 0 && !OrderLedger.IsOrder(row.Kind))) continue;
            var units = 0m;
            for (var i = row.FirstItemIndex; i < row.FirstItemIndex + row.ItemCount; i++)
            {
                var item = details.Items[i];
                units += item.Quantity;
                items.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day))
                    .AppendValue((long?)row.Position).AppendValue((long?)row.Time)
                    .AppendValue((long?)row.Visit).AppendValue((long?)row.Visitor).AppendValue((sbyte?)row.Kind)
                    .AppendValue((int?)texts.FinalNumber(item.Product))
                    .AppendAmount(item.Price).AppendAmount(item.Quantity).AppendValue((int?)texts.FinalNumber(row.Currency))
                    .AppendValue((int?)row.Sequence).EndRow();
            }
            if (!OrderLedger.IsOrder(row.Kind)) continue;
            orders.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((long?)row.Position)
                .AppendValue((long?)row.Time)
                .AppendValue((short?)row.UtcOffset).AppendValue((long?)row.Visit).AppendValue((long?)row.Visitor)
                .AppendValue((sbyte?)row.Kind)
                .AppendValue((ulong?)row.Transaction).AppendAmount(row.Value ?? 0).AppendAmount(Math.Min(units, Decimals.MaxAmount))
                .AppendValue((int?)texts.FinalNumber(row.Currency))
                .AppendValue((int?)row.Sequence).EndRow();
        }
    }

    private void WriteBots(DuckDBConnection connection, ReadOnlySpan<HitRow> rows)
    {
        using var bots = connection.CreateAppender("bots");
        foreach (ref readonly var row in rows)
        {
            if (row.Bot == BotReason.None) continue;
            bots.CreateRow().AppendValue((int?)row.Site).AppendValue((DateOnly?)LocalDay.DateOf(row.Day)).AppendValue((long?)row.Position)
                .AppendValue((long?)row.Time)
                .AppendValue((short?)row.UtcOffset).AppendValue((short?)row.Country.Index).AppendValue((sbyte?)row.Bot)
                .AppendValue((sbyte?)row.Kind)
                .AppendValue((int?)texts.FinalNumber(row.Page)).EndRow();
        }
    }
}

file static class Amounts
{
    public static IDuckDBAppenderRow AppendAmount(this IDuckDBAppenderRow row, decimal? amount) =>
        amount is { } known ? row.AppendValue((decimal?)known) : row.AppendNullValue();
}
