namespace Footfall.History.Queries;

/// <summary>
/// Scroll depth and time on page, from events named <c>engagement</c> with the props <c>scroll</c> (percent) and <c>seconds</c>.
/// </summary>
internal static class EngagementReader
{
    /// <summary>The mean of the visitors' maximum scroll depths.</summary>
    public static Dictionary<GroupKey, long> ReadScrollDepth(TextDictionary dictionary, PeriodPartition partition, Grouping grouping) =>
        Read(dictionary, partition, grouping, "scroll", "visitor", "max", "avg(of)");

    /// <summary>The seconds per visit.</summary>
    public static Dictionary<GroupKey, long> ReadTimeOnPage(TextDictionary dictionary, PeriodPartition partition, Grouping grouping) =>
        Read(dictionary, partition, grouping, "seconds", "visit", "sum", "avg(of)");

    private static Dictionary<GroupKey, long> Read(TextDictionary dictionary, PeriodPartition partition, Grouping grouping, string prop,
        string perColumn, string innerAggregate, string outerAggregate)
    {
        if (partition.All.IsEmpty) return [];
        var parameters = new SqlParameters();
        var count = grouping.Dimensions.Count;
        var rows = new HitSql(dictionary, parameters, partition.All, [.. grouping.Dimensions, new Dimension(DimensionKind.Prop, prop)],
            grouping.Filter,
            where: $"h.name = {dictionary.Id("engagement")}");
        var groups = string.Concat(Enumerable.Range(0, count).Select(i => $"d{i}, "));
        var values = string.Concat(rows.Dimensions.Take(count).Select((dimension, i) => $"({dimension})::BIGINT AS d{i}, "));
        var sql = $"""
            SELECT {groups}round({outerAggregate})::BIGINT FROM (
                SELECT {groups}who, {innerAggregate}(number) AS of FROM (
                    SELECT {groups}who, try_cast(text AS DOUBLE) AS number FROM
                    (SELECT {values}h.{perColumn} AS who, {rows.Dimensions[count]} AS said{rows.From}) JOIN texts ON id = said
                ) WHERE number IS NOT NULL AND isfinite(number) AND number BETWEEN 0 AND 1000000 GROUP BY ALL
            ) {(count == 0 ? "HAVING count(*) > 0" : "GROUP BY ALL")}
            """;
        return dictionary.Snapshot.Read(sql, parameters, row => (GroupKey.Read(row, count), row.GetInt64(count)))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
    }
}
