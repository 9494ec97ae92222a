using System.Reflection;

namespace Footfall.Words;

/// <summary>The texts that are part of the program: lists and SQL.</summary>
internal static class Embedded
{
    /// <summary>The whole of a text.</summary>
    /// <param name="name">Of the file, with its ending.</param>
    public static string Text(string name)
    {
        using var reader = Open(name);
        return reader.ReadToEnd();
    }

    /// <summary>The lines of a list, but empty ones and comments, which begin with <c>#</c>.</summary>
    /// <inheritdoc cref="Text"/>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = Open(name);
        while (reader.ReadLine() is { } line)
            if (line is not ("" or ['#', ..])) yield return line;
    }

    private static StreamReader Open(string name) => new(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
}
