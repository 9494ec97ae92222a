namespace Footfall.Api.Query;

/// <summary>What one query may ask for. Each limit bounds work or memory that a client would choose otherwise.</summary>
internal static class QueryLimits
{
    /// <summary>The body of a query, in bytes.</summary>
    public const int Body = 64 * 1024;

    /// <summary>How deep its JSON may be nested.</summary>
    public const int JsonDepth = 32;

    public const int Dimensions = 6;

    /// <summary>How deep filters may be nested: <c>and</c>, <c>or</c>, <c>not</c>, <c>has_done</c>.</summary>
    public const int FilterDepth = 8;

    /// <summary>The filters of a query, those of a funnel's steps included.</summary>
    public const int Filters = 100;

    /// <summary>The clauses of all filters together.</summary>
    public const int Clauses = 1_000;

    /// <summary>The length of a clause, in characters.</summary>
    public const int ClauseLength = 2_048;

    /// <summary>The length of a regular expression, in characters.</summary>
    public const int PatternLength = 500;

    /// <summary>The regular expressions of all filters together.</summary>
    public const int Patterns = 50;

    /// <summary>
    /// The size of one regular expression, and of all of a query together: see <see cref="PatternSize"/>. All together take up
    /// to a second for 5,000 paths.
    /// </summary>
    public const int PatternSize = 3_000, TotalPatternSize = 10_000;

    /// <summary>The name of a prop, in characters.</summary>
    public const int PropName = 300;

    /// <summary>The most rows of an answer, and the number where none is asked for.</summary>
    public const int Rows = 10_000;

    public const int Offset = 10_000_000;

    /// <summary>The most rows that are taken from the history where the order or a comparison is made here.</summary>
    public const int RowsInMemory = 100_000;

    /// <summary>The most labels of time in an answer.</summary>
    public const int Labels = 10_000;

    /// <summary>The longest period by a shorthand: days, and months. Plausible's bounds.</summary>
    public const int Days = 5_000, Months = 100;

    public const int MinSteps = 2, MaxSteps = 8;

    /// <summary>The rows of a funnel where no number is asked for.</summary>
    public const int FunnelRows = 1_000;
}
