using Footfall.History.Rollups;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>The rollup that can serve a query, if there is one: it has one dimension beside time and country.</summary>
internal sealed class RollupChoice
{
    private readonly Filter? _filter;
    private readonly bool _byCountry;

    private RollupChoice(Rollup rollup, IReadOnlyList<Dimension> dimensions, Filter? filter)
    {
        (Rollup, _filter) = (rollup, filter);
        var ofCountries = FilterTree.Comparisons(filter).Any(compare => DimensionColumns.IsCountry(compare.Dimension.Kind));
        var groupsCountries = dimensions.Any(dimension => DimensionColumns.IsCountry(dimension.Kind));
        _byCountry = ofCountries || groupsCountries;
        MergesCountries = ofCountries && !groupsCountries && !FilterTree.RequiresSingleValue(filter, DimensionColumns.IsCountry);
        MergesValues = rollup != Rollup.Total && !dimensions.Any(dimension => rollup.Dimensions.Contains(dimension.Kind))
            && !FilterTree.RequiresSingleValue(filter, rollup.Dimensions.Contains);
    }

    public Rollup Rollup { get; }

    /// <summary>Whether rows of several values, or of several countries, are added up.</summary>
    public bool MergesValues { get; }

    /// <inheritdoc cref="MergesValues"/>
    public bool MergesCountries { get; }

    public static RollupChoice? Find(IReadOnlyList<Dimension> dimensions, Filter? filter)
    {
        if (FilterTree.ContainsHasDone(filter)) return null;
        var compares = FilterTree.Comparisons(filter).ToList();
        var kinds = dimensions.Select(dimension => dimension.Kind).Concat(compares.Select(compare => compare.Dimension.Kind))
            .Where(kind => !DimensionColumns.IsCountry(kind)
                && (!DimensionColumns.IsTime(kind) || kind is DimensionKind.Hour or DimensionKind.Minute)).Distinct().ToList();
        var rollups = kinds.Select(Rollup.Find).Distinct().ToList();
        if (rollups.Count == 0) return new RollupChoice(Rollup.Total, dimensions, filter);
        if (rollups is not [{ } rollup] || rollup.Source == RollupSource.Bot) return null;
        // A goal may be a page, which names alone don't show.
        if (compares.Any(compare =>
            compare.Dimension.Kind == DimensionKind.Goal && !(compare is { Operator: FilterOperator.Is, CaseSensitive: true }
            && !compare.Values.Any(value => value.StartsWith(HitSql.PageGoalPrefix, StringComparison.Ordinal))))) return null;
        // A hit without items has no row in a rollup of items, and is still what a negation is true of.
        if (rollup.Source == RollupSource.Item && !dimensions.Any(dimension => DimensionColumns.IsItem(dimension.Kind))
            && !FilterTree.RequiresSingleValue(filter, DimensionColumns.IsItem)) return null;
        if (rollup.Source == RollupSource.Item && compares.Any(compare => compare.Values.Contains(""))
            && !dimensions.Any(dimension => DimensionColumns.IsItem(dimension.Kind))) return null;
        return new RollupChoice(rollup, dimensions, filter);
    }

    public bool IsOfVisits => Rollup.Source == RollupSource.Visit;

    public bool IsOfItems => Rollup.Source == RollupSource.Item;

    public bool IsHourly => Rollup == Rollup.Hour;

    /// <summary>The condition of its rows.</summary>
    public string Where(TextDictionary dictionary, SqlParameters parameters, IReadOnlyList<Dimension> dimensions)
    {
        var names = dimensions.Any(dimension => dimension.Kind == DimensionKind.Goal) ? $" AND {GoalCondition(dictionary)}" : "";
        var filter = FilterTree.ToSql(_filter, Compare, _ => "false");
        return $"country {(_byCountry ? ">= 0" : $"= {Rollup.AllCountries}")}{names} AND {filter}";

        string Compare(Filter.Comparison compare)
        {
            var condition =
                dictionary.Condition(DimensionColumns.IsCountry(compare.Dimension.Kind) ? "country" : "value", compare, parameters);
            return compare.Dimension.Kind == DimensionKind.Goal ? $"({GoalCondition(dictionary)} AND {condition})" : condition;
        }
    }

    public static string[] DimensionExpressions(IReadOnlyList<Dimension> dimensions) => [.. dimensions.Select(dimension =>
        DimensionColumns.IsTime(dimension.Kind)
            ? DimensionColumns.TimeExpression(dimension.Kind, "day", $"(day - {DimensionColumns.Epoch}) * 86400000 + value * 3600000")
        : DimensionColumns.IsCountry(dimension.Kind) ? "country" : "value")];

    private static string GoalCondition(TextDictionary dictionary) =>
        $"value NOT IN ({dictionary.Id("page_view")}, {dictionary.Id("visit")})";
}
