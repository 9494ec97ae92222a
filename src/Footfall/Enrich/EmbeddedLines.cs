using System.Reflection;

namespace Footfall.Enrich;

/// <summary>The lists that are part of the program.</summary>
internal static class EmbeddedLines
{
    /// <summary>The lines of a list, but empty ones and comments, which begin with <c>#</c>.</summary>
    public static IEnumerable<string> Read(string name)
    {
        using var lines = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        while (lines.ReadLine() is { } line)
            if (line is not ("" or ['#', ..])) yield return line;
    }
}
