using System.Reflection;

namespace Footfall.Tests;

/// <summary>The direction of the house: a station on the way of a hit knows those behind it, never one before it.</summary>
public sealed class HouseTests
{
    /// <summary>What each folder may know besides itself. Program.cs composes, and knows all.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Words"] = [],
        ["Live"] = ["Words"],
        ["History"] = ["Words"],
        ["Journal"] = ["History", "Live", "Words"],
        ["Enrich"] = ["Journal", "Words"],
        ["Collect"] = ["Enrich", "Journal", "Words"],
        ["Query"] = ["History", "Journal", "Live", "Words"],
        ["Hosting"] = ["Collect", "Enrich", "History", "Journal", "Live", "Query", "Words"],
    };

    private static readonly string Source = Path.Combine(Repository.Root, "src", "Footfall");

    [Fact]
    public void Every_folder_is_a_station_with_a_place_in_the_order() =>
        Assert.Equal(
            MayKnow.Keys.Order(),
            Directory.GetDirectories(Source).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj")).Order());

    [Fact]
    public void A_station_knows_the_stations_behind_it_and_none_before_it()
    {
        var wrong =
            from file in Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
            let station = Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar)[0]
            where MayKnow.ContainsKey(station)
            from line in File.ReadLines(file)
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            from other in MayKnow.Keys
            where other != station && !MayKnow[station].Contains(other)
            where line.Contains($"Footfall.{other}.", StringComparison.Ordinal) || line.Contains($"Footfall.{other};", StringComparison.Ordinal)
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
