using System.Text.RegularExpressions;

namespace Footfall.History.Export;

/// <summary>
/// Keeps spreadsheets from running CSV text as a formula by prefixing an apostrophe, as the dashboard's tables do
/// (https://owasp.org/www-community/attacks/CSV_Injection). Text that already looks guarded gets one too, so that removing one apostrophe
/// always restores the original.
/// </summary>
internal static partial class CsvInjectionGuard
{
    public static string Escape(string text) => Formula().IsMatch(text) ? $"'{text}" : text;

    /// <summary>A SQL expression that restores a column of guarded texts.</summary>
    public static string UnescapeSql(string column) => $"""regexp_replace("{column}", '^''(''*[=+@\t\r-])', '\1')""";

    [GeneratedRegex(@"\A'*[=+@\t\r-]")]
    private static partial Regex Formula();
}
