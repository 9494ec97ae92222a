namespace Footfall.History;

/// <summary>What hits and visits must be.</summary>
internal abstract record Filter
{
    /// <summary>A dimension has one of the values.</summary>
    /// <param name="Values">
    /// At least one. For <see cref="Operator.Is"/> and <see cref="Operator.Contains"/> texts, where <c>*</c> is an ordinary character (the language of the
    /// query has turned patterns into <see cref="Operator.Matches"/>); for <see cref="Operator.Matches"/> regular expressions of RE2, of which the
    /// store alone can tell whether they are valid (<see cref="InvalidPatternException"/>).
    /// </param>
    internal sealed record Compare(Dimension Dimension, Operator Operator, IReadOnlyList<string> Values, bool CaseSensitive = true) : Filter;

    internal sealed record All(IReadOnlyList<Filter> Of) : Filter;

    internal sealed record Any(IReadOnlyList<Filter> Of) : Filter;

    internal sealed record Not(Filter Of) : Filter;

    /// <summary>The visit has a hit, within the period, of which the filter is true.</summary>
    internal sealed record HasDone(Filter Of) : Filter;
}

internal enum Operator
{
    Is,
    Contains,
    Matches,
}
