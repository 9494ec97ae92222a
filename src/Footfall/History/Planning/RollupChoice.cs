using Footfall.History.Store;

namespace Footfall.History.Planning;

/// <summary>The rollup that can answer a question, if one can: it has one dimension beside time and country.</summary>
internal sealed class RollupChoice
{
    private readonly Filter? _filter;
    private readonly bool _byCountry, _valuesMerge, _countriesMerge;

    private RollupChoice(Rollup rollup, IReadOnlyList<Dimension> dimensions, Filter? filter)
    {
        (Rollup, _filter) = (rollup, filter);
        var ofCountries = Filters.Compares(filter).Any(compare => Columns.IsCountry(compare.Dimension.Kind));
        var groupsCountries = dimensions.Any(dimension => Columns.IsCountry(dimension.Kind));
        _byCountry = ofCountries || groupsCountries;
        _countriesMerge = ofCountries && !groupsCountries && !Filters.Single(filter, Columns.IsCountry);
        _valuesMerge = rollup != Rollup.Total && !dimensions.Any(dimension => rollup.Dimensions.Contains(dimension.Kind))
            && !Filters.Single(filter, rollup.Dimensions.Contains);
    }

    public Rollup Rollup { get; }

    public static RollupChoice? Find(IReadOnlyList<Dimension> dimensions, Filter? filter)
    {
        if (Filters.HasDone(filter)) return null;
        var compares = Filters.Compares(filter).ToList();
        var kinds = dimensions.Select(dimension => dimension.Kind).Concat(compares.Select(compare => compare.Dimension.Kind))
            .Where(kind => !Columns.IsCountry(kind) && (!Columns.IsTime(kind) || kind is DimensionKind.Hour or DimensionKind.Minute)).Distinct().ToList();
        var rollups = kinds.Select(Rollup.Find).Distinct().ToList();
        if (rollups.Count == 0) return new RollupChoice(Rollup.Total, dimensions, filter);
        if (rollups is not [{ } rollup] || rollup.Of == RollupOf.Bot) return null;
        // A goal may be a page, and names alone can't tell.
        if (compares.Any(compare => compare.Dimension.Kind == DimensionKind.Goal && !(compare is { Operator: Operator.Is, CaseSensitive: true }
            && !compare.Values.Any(value => value.StartsWith(HitRows.Visit, StringComparison.Ordinal))))) return null;
        // A hit without items has no row in a rollup of items, and is still what a negation is true of.
        if (rollup.Of == RollupOf.Item && !dimensions.Any(dimension => Columns.IsItem(dimension.Kind)) && !Filters.Single(filter, Columns.IsItem)) return null;
        if (rollup.Of == RollupOf.Item && compares.Any(compare => compare.Values.Contains("")) && !dimensions.Any(dimension => Columns.IsItem(dimension.Kind))) return null;
        return new RollupChoice(rollup, dimensions, filter);
    }

    /// <summary>Whether its rows add up to the measure exactly. A visitor from two countries is in the rows of both, and so is a visit with two pages.</summary>
    public bool Has(Measure measure) => measure switch
    {
        Measure.Visitors => !_countriesMerge && (!_valuesMerge || Rollup.Additive),
        // Hits have a value, and not a number of pieces.
        Measure.Units => Rollup.Of != RollupOf.Hit || Rollup == Rollup.Hour,
        Measure.Pageviews or Measure.ExitViews => Rollup.Of != RollupOf.Item,
        Measure.Events or Measure.Orders => Rollup.Of != RollupOf.Item || !_valuesMerge,
        Measure.Bounces or Measure.Duration => Rollup.Of == RollupOf.Visit || Rollup == Rollup.Hour,
        Measure.EnteredViews => Rollup.Of == RollupOf.Visit,
        Measure.Carts or Measure.Checkouts or Measure.Buyers or Measure.CartBuyers =>
            Rollup.Of == RollupOf.Visit || Rollup == Rollup.Hour || (Rollup.Of == RollupOf.Item && !_valuesMerge),
        Measure.Bots => false,
        _ => Rollup.Of == RollupOf.Visit || !_valuesMerge,
    };

    /// <summary>The condition of its rows.</summary>
    public string Where(Lookup lookup, Parameters parameters, IReadOnlyList<Dimension> dimensions)
    {
        var names = dimensions.Any(dimension => dimension.Kind == DimensionKind.Goal) ? $" AND {NoGoals(lookup)}" : "";
        var filter = Filters.Sql(_filter, Compare, _ => "false");
        return $"country {(_byCountry ? ">= 0" : $"= {Rollup.AllCountries}")}{names} AND {filter}";

        string Compare(Filter.Compare compare)
        {
            var condition = lookup.Condition(Columns.IsCountry(compare.Dimension.Kind) ? "country" : "value", compare, parameters);
            return compare.Dimension.Kind == DimensionKind.Goal ? $"({NoGoals(lookup)} AND {condition})" : condition;
        }
    }

    public static string[] Dimensions(IReadOnlyList<Dimension> dimensions) => [.. dimensions.Select(dimension =>
        Columns.IsTime(dimension.Kind) ? Columns.Time(dimension.Kind, "day", $"(day - {Columns.Epoch}) * 86400000 + value * 3600000")
        : Columns.IsCountry(dimension.Kind) ? "country" : "value")];

    private static string NoGoals(Lookup lookup) => $"value NOT IN ({lookup.Id("page_view")}, {lookup.Id("visit")})";
}
