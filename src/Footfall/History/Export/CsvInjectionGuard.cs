using System.Text.RegularExpressions;

namespace Footfall.History.Export;

/// <summary>
/// Keeps spreadsheets from running a text of a CSV file as a formula: it gets an apostrophe before it, as in the tables of the dashboard
/// (https://owasp.org/www-community/attacks/CSV_Injection). So does
/// one that looks guarded already: taking one apostrophe away then gives every text back as it was.
/// </summary>
internal static partial class CsvInjectionGuard
{
    public static string Escape(string text) => Formula().IsMatch(text) ? $"'{text}" : text;

    /// <summary>A column of guarded texts as they were, in SQL.</summary>
    public static string UnescapeSql(string column) => $"""regexp_replace("{column}", '^''(''*[=+@\t\r-])', '\1')""";

    [GeneratedRegex(@"\A'*[=+@\t\r-]")]
    private static partial Regex Formula();
}
