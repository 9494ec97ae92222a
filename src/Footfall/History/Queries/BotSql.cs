using Footfall.History.Rollups;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>SQL for bot hits by time, country, reason and page, the only data stored about them.</summary>
internal static class BotSql
{
    /// <returns>Null for data that is not stored for bots.</returns>
    public static IReadOnlyList<(string[] Dimensions, string Count, string From)>? Build(TextDictionary dictionary,
        SqlParameters parameters, PeriodPartition partition, Grouping grouping)
    {
        if (!Supports(grouping)) return null;
        var kinds = Kinds(grouping);
        var selects = new List<(string[], string, string)>();
        var usesRollups = !kinds.Any(kind => kind is DimensionKind.Page or DimensionKind.Hour or DimensionKind.Minute);
        if (usesRollups)
        {
            var byCountry = kinds.Any(DimensionColumns.IsCountry);
            var where = $"country {(byCountry ? ">= 0" : $"= {Rollup.AllCountries}")} AND {Where("value")}";
            var dimensions = Dimensions("value");
            selects.AddRange(partition.RollupConditions(grouping.FitsMonths)
                .Select(rows => (dimensions, "sum(events)", $"{Rollup.Bot.CountsFrom} AND {rows} AND {where}")));
        }
        var range = usesRollups ? partition.NotRolledUp : partition.All;
        if (!range.IsEmpty) selects.Add((Dimensions("reason"), "count(*)", $"FROM bots WHERE {range.Condition("")} AND {Where("reason")}"));
        return selects;

        string Where(string reason) => FilterTree.ToSql(grouping.Filter,
            compare => dictionary.Condition(compare.Dimension.Kind == DimensionKind.BotReason ? reason
                : DimensionColumns.NameOf(compare.Dimension.Kind), compare, parameters),
            _ => "false");

        string[] Dimensions(string reason) => [.. grouping.Dimensions.Select(dimension =>
            DimensionColumns.IsTime(dimension.Kind) ? DimensionColumns.TimeExpression(dimension.Kind, "day", "time + zone * 60000")
            : dimension.Kind == DimensionKind.BotReason ? reason
            : DimensionColumns.NameOf(dimension.Kind))];
    }

    /// <summary>Whether everything in the query is stored for bots.</summary>
    public static bool Supports(Grouping grouping) => !FilterTree.ContainsHasDone(grouping.Filter) && Kinds(grouping).TrueForAll(kind =>
        DimensionColumns.IsTime(kind) || DimensionColumns.IsCountry(kind) || kind is DimensionKind.BotReason or DimensionKind.Page);

    private static List<DimensionKind> Kinds(Grouping grouping) =>
        [.. grouping.Dimensions.Select(dimension => dimension.Kind)
            .Concat(FilterTree.Comparisons(grouping.Filter).Select(compare => compare.Dimension.Kind))];
}
