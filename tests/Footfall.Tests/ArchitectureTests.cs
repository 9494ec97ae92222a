using System.Reflection;

namespace Footfall.Tests;

/// <summary>The direction of dependencies: each stage of a hit may use later stages, never earlier ones.</summary>
public sealed class ArchitectureTests
{
    /// <summary>The other folders that each folder may use. Program.cs composes, and may use all.</summary>
    private static readonly Dictionary<string, string[]> AllowedReferences = new()
    {
        ["Common"] = [],
        ["Live"] = ["Common"],
        ["History"] = ["Common"],
        ["Journal"] = ["History", "Live", "Common"],
        ["Enrich"] = ["Journal", "Common"],
        ["Ingest"] = ["Enrich", "Journal", "Common"],
        ["Import"] = ["Ingest", "Enrich", "Journal", "Common"],
        ["Api"] = ["History", "Journal", "Live", "Common"],
        ["Hosting"] = ["Api", "Import", "Enrich", "History", "Journal", "Live", "Common"],
        ["Commands"] = ["Hosting", "Import", "Ingest", "Enrich", "History", "Journal", "Live", "Common"],
    };

    private static readonly string Source = Path.Combine(Repository.Root, "src", "Footfall");

    [Fact]
    public void Every_folder_is_listed() =>
        Assert.Equal(
            AllowedReferences.Keys.Order(),
            Directory.GetDirectories(Source).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj")).Order());

    [Fact]
    public void A_folder_references_only_the_folders_allowed()
    {
        var wrong =
            from file in Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            let station = Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar)[0]
            where AllowedReferences.ContainsKey(station)
            from line in File.ReadLines(file)
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            from other in AllowedReferences.Keys
            where other != station && !AllowedReferences[station].Contains(other)
            where line.Contains($"Footfall.{other}.", StringComparison.Ordinal)
                || line.Contains($"Footfall.{other};", StringComparison.Ordinal)
            select $"{Path.GetRelativePath(Source, file)}: {line.Trim()}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_file_of_code_is_longer_than_400_lines()
    {
        var tooLong =
            from file in Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            where File.ReadLines(file).Count() > 400
            select file;
        Assert.Empty(tooLong);
    }
}
