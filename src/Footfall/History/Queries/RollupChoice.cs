using Footfall.History.Rollups;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>The rollup that can serve a query, if any: it has one dimension besides time and country.</summary>
internal sealed class RollupChoice
{
    private readonly Filter? _filter;
    private readonly bool _byCountry, _mergesValues, _mergesCountries;

    private RollupChoice(Rollup rollup, IReadOnlyList<Dimension> dimensions, Filter? filter)
    {
        (Rollup, _filter) = (rollup, filter);
        var ofCountries = FilterTree.Comparisons(filter).Any(compare => DimensionColumns.IsCountry(compare.Dimension.Kind));
        var groupsCountries = dimensions.Any(dimension => DimensionColumns.IsCountry(dimension.Kind));
        _byCountry = ofCountries || groupsCountries;
        _mergesCountries = ofCountries && !groupsCountries && !FilterTree.RequiresSingleValue(filter, DimensionColumns.IsCountry);
        _mergesValues = rollup != Rollup.Total && !dimensions.Any(dimension => rollup.Dimensions.Contains(dimension.Kind))
            && !FilterTree.RequiresSingleValue(filter, rollup.Dimensions.Contains);
    }

    public Rollup Rollup { get; }

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
        // A goal may be a page, which the rollup of names does not have.
        if (compares.Any(compare =>
            compare.Dimension.Kind == DimensionKind.Goal && !(compare is { Operator: FilterOperator.Is, CaseSensitive: true }
            && !compare.Values.Any(value => value.StartsWith(HitSql.PageGoalPrefix, StringComparison.Ordinal))))) return null;
        // A hit without items has no row in a rollup of items, but a negation can match it.
        if (rollup.Source == RollupSource.Item && !dimensions.Any(dimension => DimensionColumns.IsItem(dimension.Kind))
            && !FilterTree.RequiresSingleValue(filter, DimensionColumns.IsItem)) return null;
        if (rollup.Source == RollupSource.Item && compares.Any(compare => compare.Values.Contains(""))
            && !dimensions.Any(dimension => DimensionColumns.IsItem(dimension.Kind))) return null;
        return new RollupChoice(rollup, dimensions, filter);
    }

    /// <summary>
    /// Whether the sum of its rows is exactly the measure. A visitor from two countries is in the rows of both, and so is a visit with two
    /// pages.
    /// </summary>
    public bool IsExact(Measure measure) => measure switch
    {
        Measure.Visitors => !_mergesCountries && (!_mergesValues || Rollup.IsAdditive),
        // Hits have a value, but no number of units.
        Measure.Units => Rollup.Source != RollupSource.Hit || Rollup == Rollup.Hour,
        Measure.Pageviews or Measure.ExitViews => Rollup.Source != RollupSource.Item,
        Measure.Events or Measure.Orders => Rollup.Source != RollupSource.Item || !_mergesValues,
        Measure.Bounces or Measure.Duration => Rollup.Source == RollupSource.Visit || Rollup == Rollup.Hour,
        Measure.EntryViews => Rollup.Source == RollupSource.Visit,
        Measure.Carts or Measure.Checkouts or Measure.Buyers or Measure.CartBuyers =>
            Rollup.Source == RollupSource.Visit || Rollup == Rollup.Hour || (Rollup.Source == RollupSource.Item && !_mergesValues),
        Measure.Bots => false,
        _ => Rollup.Source == RollupSource.Visit || !_mergesValues,
    };

    /// <summary>The condition on its rows.</summary>
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
