using System.Reflection;

namespace Footfall.Common;

/// <summary>The texts that are part of the program: lists and SQL.</summary>
internal static class EmbeddedResources
{
    /// <summary>Reads a whole text.</summary>
    /// <param name="name">The file name with extension.</param>
    public static string ReadText(string name)
    {
        using var reader = Open(name);
        return reader.ReadToEnd();
    }

    /// <summary>Reads SQL without comments, since the engine parses a template for each query.</summary>
    /// <inheritdoc cref="ReadText"/>
    public static string ReadSql(string name) => string.Join('\n', ReadText(name).Split('\n')
        .Select(static line => line.Split("--")[0].TrimEnd()).Where(static line => line.Length > 0));

    /// <summary>Reads the lines of a list, except empty lines and <c>#</c> comments.</summary>
    /// <inheritdoc cref="ReadText"/>
    public static IEnumerable<string> ReadLines(string name)
    {
        using var reader = Open(name);
        while (reader.ReadLine() is { } line)
            if (line is not ("" or ['#', ..])) yield return line;
    }

    private static StreamReader Open(string name) => new(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
}
