namespace Footfall.History.Planning;

/// <summary>How far pages were scrolled and how long they were looked at, from events named <c>engagement</c> with the props <c>scroll</c> (percent) and <c>seconds</c>.</summary>
internal static class Engagement
{
    /// <summary>The mean of the visitors' deepest scrolls.</summary>
    public static Dictionary<GroupKey, long> Scroll(Lookup lookup, Split split, Variant variant) =>
        Read(lookup, split, variant, "scroll", "visitor", "max", "avg(of)");

    /// <summary>The seconds by visit.</summary>
    public static Dictionary<GroupKey, long> Seconds(Lookup lookup, Split split, Variant variant) =>
        Read(lookup, split, variant, "seconds", "visit", "sum", "avg(of)");

    private static Dictionary<GroupKey, long> Read(Lookup lookup, Split split, Variant variant, string prop, string by, string first, string then)
    {
        if (split.Whole.IsEmpty) return [];
        var parameters = new Parameters();
        var count = variant.Dimensions.Count;
        var rows = new HitRows(lookup, parameters, split.Whole, [.. variant.Dimensions, new Dimension(DimensionKind.Prop, prop)], variant.Filter,
            where: $"h.name = {lookup.Id("engagement")}");
        var groups = string.Concat(Enumerable.Range(0, count).Select(i => $"d{i}, "));
        var values = string.Concat(rows.Dimensions.Take(count).Select((dimension, i) => $"({dimension})::BIGINT AS d{i}, "));
        var sql = $"""
            SELECT {groups}round({then})::BIGINT FROM (
                SELECT {groups}who, {first}(number) AS of FROM (
                    SELECT {groups}who, try_cast(text AS DOUBLE) AS number FROM (SELECT {values}h.{by} AS who, {rows.Dimensions[count]} AS said{rows.From}) JOIN texts ON id = said
                ) WHERE number IS NOT NULL AND isfinite(number) AND number BETWEEN 0 AND 1000000 GROUP BY ALL
            ) {(count == 0 ? "HAVING count(*) > 0" : "GROUP BY ALL")}
            """;
        return lookup.Snapshot.Read(sql, parameters, row => (GroupKey.Read(row, count), row.GetInt64(count))).ToDictionary(pair => pair.Item1, pair => pair.Item2);
    }
}
