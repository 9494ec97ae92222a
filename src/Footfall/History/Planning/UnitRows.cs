namespace Footfall.History.Planning;

/// <summary>How many pieces were bought: purchases say it themselves; asked by a hit or a product, their items do.</summary>
internal sealed class UnitRows
{
    public UnitRows(Lookup lookup, Parameters parameters, Slice slice, Variant variant)
    {
        if (!variant.OfHits)
        {
            var orders = new HitRows(lookup, parameters, slice, variant.Dimensions, variant.Filter, "orders", "h.kind = 6");
            (Dimensions, From, Units) = (orders.Dimensions, orders.From, "sum(h.units)");
            return;
        }
        var bought = $" JOIN (SELECT visit, time, position, kind, seq, sum(quantity) AS quantity FROM items WHERE {slice.Sql("")} AND kind = 6 GROUP BY ALL) u"
            + " ON u.visit = h.visit AND u.time = h.time AND u.position = h.position AND u.kind = h.kind AND u.seq = h.seq";
        var rows = new HitRows(lookup, parameters, slice, variant.Dimensions, variant.Filter, where: "h.kind = 6", join: variant.OfItems ? "" : bought);
        (Dimensions, From, Units) = (rows.Dimensions, rows.From, variant.OfItems ? $"sum({rows.Item}.quantity)" : "sum(u.quantity)");
    }

    public string[] Dimensions { get; }

    public string From { get; }

    public string Units { get; }
}
