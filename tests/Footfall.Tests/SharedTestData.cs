namespace Footfall.Tests;

/// <summary>Real inputs that are beside the repository on some machines, and are not part of it.</summary>
internal static class SharedTestData
{
    /// <summary>The path of a file of <c>../shared/data</c>, or null if there is none.</summary>
    public static string? Find(string name)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, "shared", "data", name);
            if (File.Exists(path)) return path;
        }
        return null;
    }
}
