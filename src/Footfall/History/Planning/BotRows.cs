using Footfall.History.Store;

namespace Footfall.History.Planning;

/// <summary>The hits of robots: by time, country, reason and page, which is all that is kept of them.</summary>
internal static class BotRows
{
    /// <returns>Null for what is not known of robots.</returns>
    public static IReadOnlyList<(string[] Dimensions, string Count, string From)>? Find(Lookup lookup, Parameters parameters, Split split, Variant variant)
    {
        if (!Knows(variant)) return null;
        var kinds = Kinds(variant);
        var parts = new List<(string[], string, string)>();
        var rolled = !kinds.Any(kind => kind is DimensionKind.Page or DimensionKind.Hour or DimensionKind.Minute);
        if (rolled)
        {
            var byCountry = kinds.Any(Columns.IsCountry);
            var where = $"country {(byCountry ? ">= 0" : $"= {Rollup.AllCountries}")} AND {Where("value")}";
            var dimensions = Dimensions("value");
            parts.AddRange(split.Rollups(variant.ByMonth).Select(rows => (dimensions, "sum(events)", $"{Rollup.Bot.Counts} AND {rows} AND {where}")));
        }
        var slice = rolled ? split.Rest : split.Whole;
        if (!slice.IsEmpty) parts.Add((Dimensions("reason"), "count(*)", $"FROM bots WHERE {slice.Sql("")} AND {Where("reason")}"));
        return parts;

        string Where(string reason) => Filters.Sql(variant.Filter,
            compare => lookup.Condition(compare.Dimension.Kind == DimensionKind.BotReason ? reason : Columns.Of(compare.Dimension.Kind), compare, parameters),
            _ => "false");

        string[] Dimensions(string reason) => [.. variant.Dimensions.Select(dimension =>
            Columns.IsTime(dimension.Kind) ? Columns.Time(dimension.Kind, "day", "time + zone * 60000")
            : dimension.Kind == DimensionKind.BotReason ? reason
            : Columns.Of(dimension.Kind))];
    }

    /// <summary>Whether all that is asked for is kept of robots.</summary>
    public static bool Knows(Variant variant) => !Filters.HasDone(variant.Filter) && Kinds(variant).TrueForAll(kind =>
        Columns.IsTime(kind) || Columns.IsCountry(kind) || kind is DimensionKind.BotReason or DimensionKind.Page);

    private static List<DimensionKind> Kinds(Variant variant) =>
        [.. variant.Dimensions.Select(dimension => dimension.Kind).Concat(Filters.Compares(variant.Filter).Select(compare => compare.Dimension.Kind))];
}
