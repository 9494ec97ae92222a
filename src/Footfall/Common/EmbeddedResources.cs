using System.Reflection;

namespace Footfall.Common;

/// <summary>The texts that are part of the program: lists and SQL.</summary>
internal static class EmbeddedResources
{
    /// <summary>The whole of a text.</summary>
    /// <param name="name">Of the file, with its ending.</param>
    public static string ReadText(string name)
    {
        using var reader = Open(name);
        return reader.ReadToEnd();
    }

    /// <summary>SQL without its comments, which are for people: a template is read by the engine at each question.</summary>
    /// <inheritdoc cref="ReadText"/>
    public static string ReadSql(string name) => string.Join('\n', ReadText(name).Split('\n')
        .Select(static line => line.Split("--")[0].TrimEnd()).Where(static line => line.Length > 0));

    /// <summary>The lines of a list, but empty ones and comments, which begin with <c>#</c>.</summary>
    /// <inheritdoc cref="ReadText"/>
    public static IEnumerable<string> ReadLines(string name)
    {
        using var reader = Open(name);
        while (reader.ReadLine() is { } line)
            if (line is not ("" or ['#', ..])) yield return line;
    }

    private static StreamReader Open(string name) => new(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
}
