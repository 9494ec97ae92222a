namespace Footfall.History.Planning;

/// <summary>The visits of a slice that begin in it and of which a filter is true; by what their hits are, where a hit is asked for.</summary>
internal sealed class VisitRows
{
    /// <param name="sums">Whether what the hits of a visit add up to is asked for.</param>
    public VisitRows(Lookup lookup, Parameters parameters, Slice slice, Variant variant, bool sums)
    {
        sums |= variant.HasSum;
        var begins = $"v.site = {slice.SiteId}{slice.Times("v.start")}";
        if (!variant.OfHits)
        {
            var condition = Filters.Sql(variant.Filter,
                compare => lookup.Condition($"v.{Columns.Of(compare.Dimension.Kind)}", compare, parameters),
                done => HitRows.Done("v", lookup, parameters, slice, done));
            Dimensions = [.. variant.Dimensions.Select(Column)];
            From = $"FROM {slice.Visits(sums)} v WHERE {begins} AND {condition}";
            return;
        }
        // A visit with several such hits counts once in each group.
        List<Dimension> ofHits = [.. variant.Dimensions.Where(dimension => Columns.IsHit(dimension.Kind))];
        var hits = new HitRows(lookup, parameters, slice, ofHits, variant.Filter);
        var pairs = string.Concat(hits.Dimensions.Select((dimension, i) => $", {dimension} AS k{i}"));
        Dimensions = [.. variant.Dimensions.Select(dimension => ofHits.IndexOf(dimension) is >= 0 and var i ? $"k.k{i}" : Column(dimension))];
        From = $"FROM (SELECT DISTINCT h.visit{pairs}{hits.From}) k JOIN {slice.Visits(sums)} v ON v.visit = k.visit WHERE {begins}";
    }

    public string[] Dimensions { get; }

    /// <summary>All from FROM on. The visits are <c>v</c>.</summary>
    public string From { get; }

    private static string Column(Dimension dimension) => Columns.IsTime(dimension.Kind)
        ? Columns.Time(dimension.Kind, "v.day", "v.start + v.zone * 60000")
        : $"v.{Columns.Of(dimension.Kind)}";
}
