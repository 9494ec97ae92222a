namespace Footfall.History;

/// <summary>A condition on hits and visits.</summary>
internal abstract record Filter
{
    /// <summary>A dimension has one of the values.</summary>
    /// <param name="Values"> At least one. For <see cref="FilterOperator.Is"/> and <see cref="FilterOperator.Contains"/> strings in which
    /// <c>*</c> is an ordinary character (the query parser has turned patterns into <see cref="FilterOperator.Matches"/>); for
    /// <see cref="FilterOperator.Matches"/> RE2 regular expressions, which only the store can validate
    /// (<see cref="InvalidPatternException"/>). </param>
    internal sealed record Comparison(Dimension Dimension, FilterOperator Operator, IReadOnlyList<string> Values, bool CaseSensitive = true)
        : Filter;

    internal sealed record All(IReadOnlyList<Filter> Operands) : Filter;

    internal sealed record Any(IReadOnlyList<Filter> Operands) : Filter;

    internal sealed record Not(Filter Operand) : Filter;

    /// <summary>The visit has a hit within the period that matches the filter.</summary>
    internal sealed record HasDone(Filter HitFilter) : Filter;
}

internal enum FilterOperator
{
    Is,
    Contains,
    Matches,
}
