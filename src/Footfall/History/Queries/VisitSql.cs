using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>
/// SQL for the visits that begin in a scan range and match a filter, grouped by their hits if a hit dimension is requested.
/// </summary>
internal sealed class VisitSql
{
    /// <param name="sums">Whether the sums of a visit's hits are needed.</param>
    public VisitSql(TextDictionary dictionary, SqlParameters parameters, ScanRange range, Grouping grouping, bool sums)
    {
        sums |= grouping.NeedsVisitSums;
        var begins = $"v.site = {range.SiteId}{range.TimeCondition("v.start")}";
        if (!grouping.NeedsHits)
        {
            var condition = FilterTree.ToSql(grouping.Filter,
                compare => dictionary.Condition($"v.{DimensionColumns.NameOf(compare.Dimension.Kind)}", compare, parameters),
                done => HitSql.VisitHasDone("v", dictionary, parameters, range, done));
            Dimensions = [.. grouping.Dimensions.Select(Column)];
            From = $"FROM {range.VisitTable(sums)} v WHERE {begins} AND {condition}";
            return;
        }
        // A visit with several such hits counts once in each group.
        List<Dimension> ofHits = [.. grouping.Dimensions.Where(dimension => DimensionColumns.IsOfHit(dimension.Kind))];
        var hits = new HitSql(dictionary, parameters, range, ofHits, grouping.Filter);
        var pairs = string.Concat(hits.Dimensions.Select((dimension, i) => $", {dimension} AS k{i}"));
        Dimensions = [.. grouping.Dimensions.Select(dimension =>
            ofHits.IndexOf(dimension) is >= 0 and var i ? $"k.k{i}" : Column(dimension))];
        From = $"FROM (SELECT DISTINCT h.visit{pairs}{hits.From}) k JOIN {range.VisitTable(sums)} v ON v.visit = k.visit WHERE {begins}";
    }

    public string[] Dimensions { get; }

    /// <summary>The SQL from FROM on. Visits are <c>v</c>.</summary>
    public string From { get; }

    private static string Column(Dimension dimension) => DimensionColumns.IsTime(dimension.Kind)
        ? DimensionColumns.TimeExpression(dimension.Kind, "v.day", "v.start + v.zone * 60000")
        : $"v.{DimensionColumns.NameOf(dimension.Kind)}";
}
