using System.Text.Json;
using Footfall.History;

namespace Footfall.Query.Language;

/// <summary>Where a filter names a dimension.</summary>
/// <param name="Top">Whether it stands at the top, in no <c>and</c>, <c>or</c>, <c>not</c>.</param>
/// <param name="Behavioral">Whether it stands in <c>has_done</c> or <c>has_not_done</c>.</param>
internal readonly record struct DimensionUse(QueryDimension Dimension, bool Top, bool Behavioral);

/// <summary>Reads the filters of one query (https://plausible.io/docs/stats-api#filters), and counts them against the limits.</summary>
internal sealed class FilterReader
{
    /// <summary>The operators, as sentences list them.</summary>
    public static readonly IReadOnlyList<string> Operators =
        ["is", "is_not", "contains", "contains_not", "matches", "matches_not", "and", "or", "not", "has_done", "has_not_done"];

    private readonly List<DimensionUse> _uses = [];
    private readonly ClauseReader _clauses = new();
    private int _filters;

    /// <summary>Every dimension that was named until now.</summary>
    public IReadOnlyList<DimensionUse> Uses => _uses;

    /// <summary>Reads the list of filters, all of which must hold.</summary>
    public Filter ReadAll(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) throw Wrong(list, "filters must be a list of filters");
        return FilterLogic.And([.. list.EnumerateArray().Select(filter => Read(filter, new Place(0, false)))]);
    }

    /// <summary>Reads a step of a funnel: what a hit must be.</summary>
    public Filter ReadStep(JsonElement filter) => Read(filter, new Place(1, true));

    /// <param name="Depth">How many filters this one stands in.</param>
    private readonly record struct Place(int Depth, bool Behavioral)
    {
        public Place Inner => this with { Depth = Depth + 1 };
    }

    private Filter Read(JsonElement filter, Place place)
    {
        if (place.Depth > QueryLimits.FilterDepth) throw new InvalidQueryException($"Filters may be nested {QueryLimits.FilterDepth} deep.");
        if (++_filters > QueryLimits.Filters) throw new InvalidQueryException($"A query may have {QueryLimits.Filters} filters.");
        if (filter.ValueKind != JsonValueKind.Array || filter.GetArrayLength() < 2 || filter[0].ValueKind != JsonValueKind.String)
            throw Wrong(filter, "a filter is a list of operator, dimension and clauses, such as [\"is\", \"visit:country\", [\"DE\"]]");
        var name = filter[0].GetString()!;
        return name switch
        {
            "and" => FilterLogic.And(ReadInner(filter, place)),
            "or" => FilterLogic.Or(ReadInner(filter, place)),
            "not" => FilterLogic.Not(Read(Only(filter), place.Inner)),
            "has_done" => HasDone(filter, place),
            "has_not_done" => FilterLogic.Not(HasDone(filter, place)),
            "is" => Leaf(filter, Operator.Is, place),
            "is_not" => FilterLogic.Not(Leaf(filter, Operator.Is, place)),
            "contains" => Leaf(filter, Operator.Contains, place),
            "contains_not" => FilterLogic.Not(Leaf(filter, Operator.Contains, place)),
            "matches" => Leaf(filter, Operator.Matches, place),
            "matches_not" => FilterLogic.Not(Leaf(filter, Operator.Matches, place)),
            _ => throw new InvalidQueryException($"The operator {InvalidQueryException.Quote(name)} of a filter is not known: it is one of {string.Join(", ", Operators)}."),
        };
    }

    private List<Filter> ReadInner(JsonElement filter, Place place)
    {
        var list = Only(filter);
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) throw Wrong(filter, "and and or take a list of filters that is not empty");
        return [.. list.EnumerateArray().Select(inner => Read(inner, place.Inner))];
    }

    private Filter.HasDone HasDone(JsonElement filter, Place place)
    {
        if (place.Behavioral) throw new InvalidQueryException("The filters has_done and has_not_done can't stand in each other, nor in the steps of a funnel.");
        var inner = Read(Only(filter), new Place(place.Depth + 1, true));
        return new Filter.HasDone(inner);
    }

    private Filter Leaf(JsonElement filter, Operator with, Place place)
    {
        if (filter.GetArrayLength() is not (3 or 4) || filter[1].ValueKind != JsonValueKind.String)
            throw Wrong(filter, "a filter is a list of operator, dimension and clauses, and may have modifiers as its fourth part");
        var name = filter[1].GetString()!;
        if (name == "segment") throw new InvalidQueryException("The dimension segment takes the operator is and a list of numbers, and can't stand in the steps of a funnel.");
        if (!DimensionNames.TryRead(name, out var dimension) || dimension.IsTime)
            throw new InvalidQueryException($"The dimension {InvalidQueryException.Quote(name)} of a filter is not known: it is one of {string.Join(", ", DimensionNames.Filterable)}.");
        if (dimension.Is(DimensionKind.Goal) && filter[0].GetString() is not ("is" or "contains"))
            throw new InvalidQueryException("The dimension event:goal takes the operators is and contains only.");
        if (place.Behavioral && dimension.Scope is not (DimensionScope.Event or DimensionScope.Item))
            throw new InvalidQueryException($"The filters has_done and has_not_done, and the steps of a funnel, are about hits: {name} can't stand in them, dimensions of event: and item: can.");
        _uses.Add(new DimensionUse(dimension, place.Depth == 0, place.Behavioral));
        return _clauses.Read(filter, dimension, with).Compile();
    }

    private static JsonElement Only(JsonElement filter) =>
        filter.GetArrayLength() == 2 ? filter[1] : throw Wrong(filter, $"{filter[0].GetString()} takes one thing");

    private static InvalidQueryException Wrong(JsonElement filter, string rule) => new($"The filter {InvalidQueryException.Quote(filter.GetRawText())} can't be read: {rule}.");
}
