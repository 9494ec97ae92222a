namespace Footfall.History.Queries;

/// <summary>Inspects and transforms filters.</summary>
internal static class FilterTree
{
    /// <summary>All comparisons except those within <see cref="Filter.HasDone"/>, which apply to other hits.</summary>
    public static IEnumerable<Filter.Comparison> Comparisons(Filter? filter) => filter switch
    {
        Filter.Comparison compare => [compare],
        Filter.All all => all.Operands.SelectMany(Comparisons),
        Filter.Any any => any.Operands.SelectMany(Comparisons),
        Filter.Not not => Comparisons(not.Operand),
        _ => [],
    };

    public static bool ContainsHasDone(Filter? filter) => filter switch
    {
        Filter.HasDone => true,
        Filter.All all => all.Operands.Any(ContainsHasDone),
        Filter.Any any => any.Operands.Any(ContainsHasDone),
        Filter.Not not => ContainsHasDone(not.Operand),
        _ => false,
    };

    /// <summary>The conditions that must all be true.</summary>
    public static IEnumerable<Filter> Conjuncts(Filter? filter) => filter switch
    {
        null => [],
        Filter.All all => all.Operands.SelectMany(Conjuncts),
        _ => [filter],
    };

    /// <summary>The same filter with other dimensions.</summary>
    public static Filter? ReplaceKinds(Filter? filter, Func<DimensionKind, DimensionKind> kind) => filter switch
    {
        Filter.Comparison compare => compare with { Dimension = compare.Dimension with { Kind = kind(compare.Dimension.Kind) } },
        Filter.All all => new Filter.All([.. all.Operands.Select(of => ReplaceKinds(of, kind)!)]),
        Filter.Any any => new Filter.Any([.. any.Operands.Select(of => ReplaceKinds(of, kind)!)]),
        Filter.Not not => new Filter.Not(ReplaceKinds(not.Operand, kind)!),
        _ => filter,
    };

    /// <summary>
    /// Removes required conditions that involve only goals and props: the rest selects everyone who could have reached the goal.
    /// </summary>
    public static Filter? WithoutGoals(Filter? filter)
    {
        List<Filter> rest = [.. Conjuncts(filter).Where(conjunct => ContainsHasDone(conjunct) || !Comparisons(conjunct).Any()
            || Comparisons(conjunct).Any(compare => compare.Dimension.Kind is not (DimensionKind.Goal or DimensionKind.Prop)))];
        return rest.Count == 0 ? null : new Filter.All(rest);
    }

    /// <summary>Whether a required comparison allows only a single value of a dimension.</summary>
    public static bool RequiresSingleValue(Filter? filter, Func<DimensionKind, bool> kind) =>
        Conjuncts(filter).OfType<Filter.Comparison>().Any(compare =>
        kind(compare.Dimension.Kind) && compare is { Operator: FilterOperator.Is, CaseSensitive: true }
            && compare.Values.Distinct(StringComparer.Ordinal).Count() == 1);

    /// <summary>A filter as a condition.</summary>
    /// <param name="compare">The condition of a comparison.</param>
    /// <param name="hasDone">The condition of a <see cref="Filter.HasDone"/>.</param>
    public static string ToSql(Filter? filter, Func<Filter.Comparison, string> compare, Func<Filter.HasDone, string> hasDone) =>
        filter switch
        {
            null => "true",
            Filter.Comparison of => compare(of),
            Filter.All { Operands.Count: 0 } => "true",
            Filter.Any { Operands.Count: 0 } => "false",
            Filter.All all => $"({string.Join(" AND ", all.Operands.Select(of => ToSql(of, compare, hasDone)))})",
            Filter.Any any => $"({string.Join(" OR ", any.Operands.Select(of => ToSql(of, compare, hasDone)))})",
            Filter.Not not => $"(NOT {ToSql(not.Operand, compare, hasDone)})",
            Filter.HasDone done => hasDone(done),
            _ => throw new ArgumentException($"{filter.GetType().Name} is no filter of the history."),
        };
}
