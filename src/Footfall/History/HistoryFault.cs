using System.Text.RegularExpressions;

namespace Footfall.History;

/// <summary>Turns DuckDB errors into sentences for an operator: what is wrong, and what to do if DuckDB can't recover by itself.</summary>
internal static partial class HistoryFault
{
    private const string OriginalError = "Original error: ";

    private static readonly string[] DamageMarks =
        ["not a valid DuckDB database file", "Corrupt database file", "Corrupt WAL file", "Could not read enough bytes",
            "Failed to deserialize", "Serialization Error", "checksum"];

    /// <summary>The message without the query text and class names, ending in a period.</summary>
    public static string Describe(string message)
    {
        var lines = message.Split('\n');
        // After a fatal error, every later error only repeats that there was one.
        var line = lines[0].TrimEnd().EndsWith(':') && lines.Length > 1 ? $"{lines[0].Trim()} {lines[1]}"
            : lines.FirstOrDefault(line => line.StartsWith(OriginalError, StringComparison.Ordinal)) is { } first
                ? first[OriginalError.Length..].Trim('"', ' ') : lines[0];
        var text = ErrorPrefixes().Replace(line.Trim(), "");
        return text is [.., '.' or '!' or '?'] ? text : $"{text}.";
    }

    /// <summary>What is wrong, and what to do about it.</summary>
    /// <param name="file">The path of the history file.</param>
    public static string Explain(string message, string file)
    {
        var sentence = Describe(message);
        var path = Path.GetFullPath(file);
        if (message.Contains("replaying WAL", StringComparison.Ordinal))
        {
            return $"{sentence} The write-ahead log is damaged. Stop Footfall, move {path}.wal somewhere else, and start Footfall again: "
                + $"the history continues from the last change in its file, "
                + "with the hits that the journal still has.";
        }
        if (DamageMarks.Any(sign => message.Contains(sign, StringComparison.OrdinalIgnoreCase)))
        {
            return $"{sentence} The file is damaged. Stop Footfall, move {path} and, if it exists, {path}.wal somewhere else, and start "
                + $"Footfall again: "
                + "a new history starts with the last hour, which the journal still has. Restore older data from a backup (footfall "
                    + "restore) or an export (footfall rebuild-history).";
        }
        return message.Contains("lock on file", StringComparison.Ordinal) ? $"{sentence} Another program has the file open: stop it, and "
            + $"the history continues by itself." : sentence;
    }

    [GeneratedRegex(@"^(DuckDBOpen failed: )?([A-Z][A-Za-z]*( [A-Za-z]+)* Error: )+")]
    private static partial Regex ErrorPrefixes();
}
