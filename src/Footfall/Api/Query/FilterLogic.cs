using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>Combines filters and removes those that are always true or always false before they reach the history.</summary>
internal static class FilterLogic
{
    public static readonly Filter True = new Filter.All([]), False = new Filter.Any([]);

    /// <summary>A filter that matches no hit: every hit has a country, <c>ZZ</c> if it is unknown.</summary>
    private static readonly Filter Never = new Filter.Comparison(new Dimension(DimensionKind.Country), FilterOperator.Is, [""]);

    public static Filter And(IEnumerable<Filter> filters)
    {
        List<Filter> remaining = [];
        foreach (var filter in filters)
        {
            if (ReferenceEquals(filter, False)) return False;
            if (!ReferenceEquals(filter, True)) remaining.Add(filter);
        }
        return remaining.Count switch { 0 => True, 1 => remaining[0], _ => new Filter.All(remaining) };
    }

    public static Filter Or(IEnumerable<Filter> filters)
    {
        List<Filter> remaining = [];
        foreach (var filter in filters)
        {
            if (ReferenceEquals(filter, True)) return True;
            if (!ReferenceEquals(filter, False)) remaining.Add(filter);
        }
        return remaining.Count switch { 0 => False, 1 => remaining[0], _ => new Filter.Any(remaining) };
    }

    public static Filter Not(Filter filter)
    {
        if (ReferenceEquals(filter, True)) return False;
        if (ReferenceEquals(filter, False)) return True;
        return filter is Filter.Not(var inner) ? inner : new Filter.Not(filter);
    }

    public static Filter Constant(bool value) => value ? True : False;

    /// <summary>The comparison with a pattern, also within <c>has_done</c>; null for none.</summary>
    public static Filter.Comparison? FindPattern(Filter filter, string pattern) => filter switch
    {
        Filter.Comparison { Operator: FilterOperator.Matches } compare when compare.Values.Contains(pattern) => compare,
        Filter.All(var operand) => operand.Select(inner => FindPattern(inner, pattern)).FirstOrDefault(found => found is not null),
        Filter.Any(var operand) => operand.Select(inner => FindPattern(inner, pattern)).FirstOrDefault(found => found is not null),
        Filter.Not(var operand) => FindPattern(operand, pattern),
        Filter.HasDone(var operand) => FindPattern(operand, pattern),
        _ => null,
    };

    /// <summary>The filter for the history; null for no filter.</summary>
    public static Filter? ToHistoryFilter(Filter filter) =>
        ReferenceEquals(filter, True) ? null : ReferenceEquals(filter, False) ? Never : filter;
}
