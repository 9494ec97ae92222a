namespace Footfall.Tests;

internal static class Repository
{
    /// <summary>The top of the repository: where the solution is, above the built tests.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Footfall.slnx"))) directory = directory.Parent!;
        return directory.FullName;
    }
}
