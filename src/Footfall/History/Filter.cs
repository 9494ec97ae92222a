namespace Footfall.History;

/// <summary>What hits and visits must be.</summary>
internal abstract record Filter
{
    /// <summary>A dimension has one of the values.</summary>
    /// <param name="Values">
    /// At least one. For <see cref="FilterOperator.Is"/> and <see cref="FilterOperator.Contains"/> texts, where <c>*</c> is an ordinary
    /// character (the language of the query has turned patterns into <see cref="FilterOperator.Matches"/>); for
    /// <see cref="FilterOperator.Matches"/> regular expressions of RE2, of which the store alone can tell whether they are valid
    /// (<see cref="InvalidPatternException"/>).
    /// </param>
    internal sealed record Comparison(Dimension Dimension, FilterOperator Operator, IReadOnlyList<string> Values, bool CaseSensitive = true)
        : Filter;

    internal sealed record All(IReadOnlyList<Filter> Operands) : Filter;

    internal sealed record Any(IReadOnlyList<Filter> Operands) : Filter;

    internal sealed record Not(Filter Operand) : Filter;

    /// <summary>The visit has a hit, within the period, of which the filter is true.</summary>
    internal sealed record HasDone(Filter HitFilter) : Filter;
}

internal enum FilterOperator
{
    Is,
    Contains,
    Matches,
}
