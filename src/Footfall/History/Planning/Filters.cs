namespace Footfall.History.Planning;

/// <summary>Looks at filters, and changes them.</summary>
internal static class Filters
{
    /// <summary>All comparisons but those within <see cref="Filter.HasDone"/>, which are of other hits.</summary>
    public static IEnumerable<Filter.Compare> Compares(Filter? filter) => filter switch
    {
        Filter.Compare compare => [compare],
        Filter.All all => all.Of.SelectMany(Compares),
        Filter.Any any => any.Of.SelectMany(Compares),
        Filter.Not not => Compares(not.Of),
        _ => [],
    };

    public static bool HasDone(Filter? filter) => filter switch
    {
        Filter.HasDone => true,
        Filter.All all => all.Of.Any(HasDone),
        Filter.Any any => any.Of.Any(HasDone),
        Filter.Not not => HasDone(not.Of),
        _ => false,
    };

    /// <summary>What must all be true.</summary>
    public static IEnumerable<Filter> Conjuncts(Filter? filter) => filter switch
    {
        null => [],
        Filter.All all => all.Of.SelectMany(Conjuncts),
        _ => [filter],
    };

    /// <summary>The same about other dimensions.</summary>
    public static Filter? Replace(Filter? filter, Func<DimensionKind, DimensionKind> kind) => filter switch
    {
        Filter.Compare compare => compare with { Dimension = compare.Dimension with { Kind = kind(compare.Dimension.Kind) } },
        Filter.All all => new Filter.All([.. all.Of.Select(of => Replace(of, kind)!)]),
        Filter.Any any => new Filter.Any([.. any.Of.Select(of => Replace(of, kind)!)]),
        Filter.Not not => new Filter.Not(Replace(not.Of, kind)!),
        _ => filter,
    };

    /// <summary>Without what must all be true and speaks of nothing but goals and props: what is left selects all who could have reached the goal.</summary>
    public static Filter? WithoutGoals(Filter? filter)
    {
        List<Filter> rest = [.. Conjuncts(filter).Where(conjunct => HasDone(conjunct) || !Compares(conjunct).Any()
            || Compares(conjunct).Any(compare => compare.Dimension.Kind is not (DimensionKind.Goal or DimensionKind.Prop)))];
        return rest.Count == 0 ? null : new Filter.All(rest);
    }

    /// <summary>Whether one comparison that must be true allows a single value of a kind.</summary>
    public static bool Single(Filter? filter, Func<DimensionKind, bool> kind) => Conjuncts(filter).OfType<Filter.Compare>().Any(compare =>
        kind(compare.Dimension.Kind) && compare is { Operator: Operator.Is, CaseSensitive: true } && compare.Values.Distinct(StringComparer.Ordinal).Count() == 1);

    /// <summary>A filter as a condition.</summary>
    /// <param name="compare">The condition of a comparison.</param>
    /// <param name="hasDone">The condition of a <see cref="Filter.HasDone"/>.</param>
    public static string Sql(Filter? filter, Func<Filter.Compare, string> compare, Func<Filter.HasDone, string> hasDone) => filter switch
    {
        null => "true",
        Filter.Compare of => compare(of),
        Filter.All { Of.Count: 0 } => "true",
        Filter.Any { Of.Count: 0 } => "false",
        Filter.All all => $"({string.Join(" AND ", all.Of.Select(of => Sql(of, compare, hasDone)))})",
        Filter.Any any => $"({string.Join(" OR ", any.Of.Select(of => Sql(of, compare, hasDone)))})",
        Filter.Not not => $"(NOT {Sql(not.Of, compare, hasDone)})",
        Filter.HasDone done => hasDone(done),
        _ => throw new ArgumentException($"{filter.GetType().Name} is no filter of the history."),
    };
}
