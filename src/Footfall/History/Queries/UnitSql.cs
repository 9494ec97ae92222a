namespace Footfall.History.Queries;

/// <summary>SQL for the units sold: from purchases, or from their items in queries by a hit or a product.</summary>
internal sealed class UnitSql
{
    public UnitSql(TextDictionary dictionary, SqlParameters parameters, ScanRange range, Grouping grouping)
    {
        if (!grouping.NeedsHits)
        {
            var orders = new HitSql(dictionary, parameters, range, grouping.Dimensions, grouping.Filter, "orders", "h.kind = 6");
            (Dimensions, From, Units) = (orders.Dimensions, orders.From, "sum(h.units)");
            return;
        }
        var bought = $" JOIN (SELECT visit, time, position, kind, seq, sum(quantity) AS quantity FROM items WHERE {range.Condition("")} " +
            $"AND kind = 6 GROUP BY ALL) u"
            + " ON u.visit = h.visit AND u.time = h.time AND u.position = h.position AND u.kind = h.kind AND u.seq = h.seq";
        var rows = new HitSql(dictionary, parameters, range, grouping.Dimensions, grouping.Filter, where: "h.kind = 6",
            join: grouping.NeedsItems ? "" : bought);
        (Dimensions, From, Units) =
            (rows.Dimensions, rows.From, grouping.NeedsItems ? $"sum({rows.ItemAlias}.quantity)" : "sum(u.quantity)");
    }

    public string[] Dimensions { get; }

    public string From { get; }

    public string Units { get; }
}
