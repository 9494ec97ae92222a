using System.Text.Json;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>Reads the clauses and modifiers of filters.</summary>
internal sealed class ClauseParser
{
    private int _clauses, _patterns;
    private double _size;

    /// <param name="filter">A list of three or four: operator, dimension, clauses, modifiers.</param>
    public FilterClauses Parse(JsonElement filter, QueryDimension dimension, FilterOperator filterOperator)
    {
        var list = filter[2];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw new InvalidQueryException($"The filter on {dimension.Name} needs a list of at least one clause.");
        var values = list.EnumerateArray().Select(clause => ParseClause(clause, dimension)).ToList();
        CheckCount(values, dimension, filterOperator);
        var clauses = new FilterClauses(dimension, filterOperator, values, ParseCaseSensitive(filter, dimension, filterOperator));
        foreach (var pattern in clauses.Patterns) CheckSize(pattern, dimension);
        return clauses;
    }

    /// <summary>Numbers are accepted as written: Plausible's cities are numbers.</summary>
    private static string ParseClause(JsonElement clause, QueryDimension dimension) => clause.ValueKind switch
    {
        JsonValueKind.String => clause.GetString()!,
        JsonValueKind.Number when clause.TryGetInt64(out _) => clause.GetRawText(),
        _ => throw new InvalidQueryException($"The clause {InvalidQueryException.Quote(clause.GetRawText())} of the filter on "
            + $"{dimension.Name} must be a string."),
    };

    private void CheckCount(List<string> values, QueryDimension dimension, FilterOperator filterOperator)
    {
        _clauses += values.Count;
        if (_clauses > QueryLimits.Clauses) throw new InvalidQueryException($"The filters of a query may have at most "
            + $"{QueryLimits.Clauses:N0} clauses in total.");
        var maxLength = filterOperator == FilterOperator.Matches ? QueryLimits.PatternLength : QueryLimits.ClauseLength;
        if (values.Any(value => value.Length > maxLength))
            throw new InvalidQueryException($"A clause of the filter on {dimension.Name} has more than {maxLength:N0} characters.");
        // A NUL would end a text in some stores, and no value has one.
        if (values.Any(value => value.Contains('\0'))) throw new InvalidQueryException($"A clause of the filter on {dimension.Name} has a "
            + $"NUL character.");
        if (filterOperator != FilterOperator.Matches) return;
        _patterns += values.Count;
        if (_patterns > QueryLimits.Patterns) throw new InvalidQueryException($"The filters of a query may have at most "
            + $"{QueryLimits.Patterns} patterns in total.");
    }

    private void CheckSize(string pattern, QueryDimension dimension)
    {
        var size = PatternSize.Estimate(pattern);
        if (size > QueryLimits.PatternSize)
            throw new InvalidQueryException(
                $"The pattern {InvalidQueryException.Quote(pattern)} of the filter on {dimension.Name} is too expensive: "
                + $"its size is about {Math.Min(size, 1e9):N0}, but the limit is {QueryLimits.PatternSize:N0}. "
                + "Counted repetitions such as {1,100}, especially nested ones, and classes such as \\p{L} make it large: "
                + "use fewer of them, or smaller counts.");
        _size += size;
        if (_size > QueryLimits.TotalPatternSize)
            throw new InvalidQueryException(
                $"The patterns of a query are too expensive together: their size is more than {QueryLimits.TotalPatternSize:N0}. "
                + "Use fewer or shorter ones, or several queries.");
    }

    private static bool ParseCaseSensitive(JsonElement filter, QueryDimension dimension, FilterOperator filterOperator)
    {
        if (filter.GetArrayLength() < 4) return true;
        var modifiers = filter[3];
        var on = $"of the filter on {dimension.Name}";
        if (modifiers.ValueKind != JsonValueKind.Object)
            throw new InvalidQueryException($"The modifiers {on} must be an object, such as {{\"case_sensitive\": false}}.");
        var sensitive = true;
        foreach (var modifier in modifiers.EnumerateObject())
        {
            if (modifier.Name != "case_sensitive") throw new InvalidQueryException($"The modifier "
                + $"{InvalidQueryException.Quote(modifier.Name)} {on} is unknown: the only one is case_sensitive.");
            sensitive = QueryJson.ReadFlag(modifier.Value, $"modifier case_sensitive {on}");
            if (filterOperator == FilterOperator.Matches) throw new InvalidQueryException(
                "The modifier case_sensitive can't be used with matches and matches_not: begin the pattern with (?i).");
        }
        return sensitive;
    }
}
