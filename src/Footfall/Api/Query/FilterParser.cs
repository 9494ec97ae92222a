using System.Text.Json;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>The context in which a filter uses a dimension.</summary>
/// <param name="IsTopLevel">Whether it is at the top level, in no <c>and</c>, <c>or</c>, <c>not</c>.</param>
/// <param name="IsBehavioral">Whether it is in <c>has_done</c> or <c>has_not_done</c>.</param>
internal readonly record struct DimensionUse(QueryDimension Dimension, bool IsTopLevel, bool IsBehavioral);

/// <summary>Reads the filters of one query (https://plausible.io/docs/stats-api#filters), and counts them against the limits.</summary>
internal sealed class FilterParser
{
    /// <summary>The operators, as sentences list them.</summary>
    public static readonly IReadOnlyList<string> Operators =
        ["is", "is_not", "contains", "contains_not", "matches", "matches_not", "and", "or", "not", "has_done", "has_not_done"];

    private readonly List<DimensionUse> _uses = [];
    private readonly ClauseParser _clauses = new();
    private int _filters;

    /// <summary>All dimensions used so far.</summary>
    public IReadOnlyList<DimensionUse> Uses => _uses;

    /// <summary>Reads the list of filters; all must match.</summary>
    public Filter ParseAll(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) throw Invalid(list, "filters must be a list of filters");
        return FilterLogic.And([.. list.EnumerateArray().Select(filter => Parse(filter, new FilterContext(0, false)))]);
    }

    /// <summary>Reads a step of a funnel: what a hit must be.</summary>
    public Filter ParseStep(JsonElement filter) => Parse(filter, new FilterContext(1, true));

    /// <param name="Depth">The nesting depth of this filter.</param>
    private readonly record struct FilterContext(int Depth, bool Behavioral)
    {
        public FilterContext Nested => this with { Depth = Depth + 1 };
    }

    private Filter Parse(JsonElement filter, FilterContext context)
    {
        if (context.Depth > QueryLimits.FilterDepth) throw new InvalidQueryException($"Filters may be nested at most "
            + $"{QueryLimits.FilterDepth} levels deep.");
        if (++_filters > QueryLimits.Filters) throw new InvalidQueryException($"A query may have at most {QueryLimits.Filters} filters.");
        if (filter.ValueKind != JsonValueKind.Array || filter.GetArrayLength() < 2 || filter[0].ValueKind != JsonValueKind.String)
            throw Invalid(filter, "a filter is a list of operator, dimension and clauses, such as [\"is\", \"visit:country\", [\"DE\"]]");
        var name = filter[0].GetString()!;
        return name switch
        {
            "and" => FilterLogic.And(ParseOperands(filter, context)),
            "or" => FilterLogic.Or(ParseOperands(filter, context)),
            "not" => FilterLogic.Not(Parse(SingleOperand(filter), context.Nested)),
            "has_done" => ParseHasDone(filter, context),
            "has_not_done" => FilterLogic.Not(ParseHasDone(filter, context)),
            "is" => ParseComparison(filter, FilterOperator.Is, context),
            "is_not" => FilterLogic.Not(ParseComparison(filter, FilterOperator.Is, context)),
            "contains" => ParseComparison(filter, FilterOperator.Contains, context),
            "contains_not" => FilterLogic.Not(ParseComparison(filter, FilterOperator.Contains, context)),
            "matches" => ParseComparison(filter, FilterOperator.Matches, context),
            "matches_not" => FilterLogic.Not(ParseComparison(filter, FilterOperator.Matches, context)),
            _ => throw new InvalidQueryException($"The operator {InvalidQueryException.Quote(name)} of a filter is unknown: use one of "
                + $"{string.Join(", ", Operators)}."),
        };
    }

    private List<Filter> ParseOperands(JsonElement filter, FilterContext context)
    {
        var list = SingleOperand(filter);
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) throw Invalid(filter, "and and or take a list of at least "
            + "one filter");
        return [.. list.EnumerateArray().Select(inner => Parse(inner, context.Nested))];
    }

    private Filter.HasDone ParseHasDone(JsonElement filter, FilterContext context)
    {
        if (context.Behavioral) throw new InvalidQueryException("The filters has_done and has_not_done can't be nested, or used in the "
            + "steps of a funnel.");
        var inner = Parse(SingleOperand(filter), new FilterContext(context.Depth + 1, true));
        return new Filter.HasDone(inner);
    }

    private Filter ParseComparison(JsonElement filter, FilterOperator filterOperator, FilterContext context)
    {
        if (filter.GetArrayLength() is not (3 or 4) || filter[1].ValueKind != JsonValueKind.String)
            throw Invalid(filter, "a filter is a list of operator, dimension and clauses, optionally followed by modifiers");
        var name = filter[1].GetString()!;
        if (name == "segment") throw new InvalidQueryException("The dimension segment takes the operator is and a list of numbers, and "
            + "can't be used in the steps of a funnel.");
        if (!DimensionNames.TryParse(name, out var dimension) || dimension.IsTime)
            throw new InvalidQueryException($"The dimension {InvalidQueryException.Quote(name)} of a filter is unknown: use one of "
                + $"{string.Join(", ", DimensionNames.Filterable)}.");
        if (dimension.Is(DimensionKind.Goal) && filter[0].GetString() is not ("is" or "contains"))
            throw new InvalidQueryException("The dimension event:goal takes the operators is and contains only.");
        if (context.Behavioral && dimension.Scope is not (DimensionScope.Event or DimensionScope.Item))
            throw new InvalidQueryException($"The filters has_done and has_not_done, and the steps of a funnel, are about hits: {name} "
                + $"can't be used in them, only event: and item: dimensions.");
        _uses.Add(new DimensionUse(dimension, context.Depth == 0, context.Behavioral));
        return _clauses.Parse(filter, dimension, filterOperator).ToFilter();
    }

    private static JsonElement SingleOperand(JsonElement filter) =>
        filter.GetArrayLength() == 2 ? filter[1] : throw Invalid(filter, $"{filter[0].GetString()} takes exactly one argument");

    private static InvalidQueryException Invalid(JsonElement filter, string rule) =>
        new($"The filter {InvalidQueryException.Quote(filter.GetRawText())} can't be read: {rule}.");
}
