namespace Footfall.Api.Query;

/// <summary>The limits of one query. Each bounds work or memory that the client would otherwise control.</summary>
internal static class QueryLimits
{
    /// <summary>The body of a query, in bytes.</summary>
    public const int Body = 64 * 1024;

    /// <summary>The maximum nesting depth of its JSON.</summary>
    public const int JsonDepth = 32;

    public const int Dimensions = 6;

    /// <summary>The maximum nesting depth of filters: <c>and</c>, <c>or</c>, <c>not</c>, <c>has_done</c>.</summary>
    public const int FilterDepth = 8;

    /// <summary>The filters of a query, including those of funnel steps.</summary>
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
    /// The size of one regular expression, and of all in a query together: see <see cref="PatternSize"/>. All together take up to a second
    /// for 5,000 paths.
    /// </summary>
    public const int PatternSize = 3_000, TotalPatternSize = 10_000;

    /// <summary>The name of a prop, in characters.</summary>
    public const int PropName = 300;

    /// <summary>The maximum and default number of rows of a result.</summary>
    public const int Rows = 10_000;

    public const int Offset = 10_000_000;

    /// <summary>The most rows read from the history if they are sorted or compared here.</summary>
    public const int RowsInMemory = 100_000;

    /// <summary>The most time labels in a result.</summary>
    public const int Labels = 10_000;

    /// <summary>The longest period by a shorthand: days, and months. Plausible's bounds.</summary>
    public const int Days = 5_000, Months = 100;

    public const int MinSteps = 2, MaxSteps = 8;

    /// <summary>The default number of rows of a funnel.</summary>
    public const int FunnelRows = 1_000;
}
