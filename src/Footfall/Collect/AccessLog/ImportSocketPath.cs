using System.Text;

namespace Footfall.Collect.AccessLog;

/// <summary>
/// Where a running server listens for imports: <c>footfall.sock</c> in the data directory. The path of a Unix domain socket may have about 100
/// bytes (unix(7): <c>sun_path</c> has 108, elsewhere 104); where it is longer the socket is in the temporary directory, and the file
/// <c>footfall.socket</c> in the data directory tells where.
/// </summary>
internal static class ImportSocketPath
{
    private const int LongestPath = 100;

    /// <summary>Takes the place for a new socket; what a process that was killed left there is removed.</summary>
    /// <param name="directory">The data directory, which only this process uses.</param>
    public static string Claim(string directory)
    {
        Release(directory);
        var path = InData(directory);
        if (Encoding.UTF8.GetByteCount(path) <= LongestPath) return path;
        path = Path.Combine(Directory.CreateTempSubdirectory("footfall-").FullName, "s");
        File.WriteAllText(Pointer(directory), path);
        return path;
    }

    /// <summary>Where the socket should be; null if there is none.</summary>
    public static string? Find(string directory)
    {
        if (File.Exists(InData(directory))) return InData(directory);
        return File.Exists(Pointer(directory)) && File.ReadAllText(Pointer(directory)) is var path && File.Exists(path) ? path : null;
    }

    /// <summary>Removes the socket and what points to it.</summary>
    public static void Release(string directory)
    {
        File.Delete(InData(directory));
        if (!File.Exists(Pointer(directory))) return;
        var path = File.ReadAllText(Pointer(directory));
        File.Delete(Pointer(directory));
        if (!Path.IsPathFullyQualified(path) || Path.GetFileName(path) != "s" || Path.GetDirectoryName(path) is not { } own) return;
        if (!Path.GetFileName(own).StartsWith("footfall-", StringComparison.Ordinal) || !Directory.Exists(own)) return;
        File.Delete(path);
        if (!Directory.EnumerateFileSystemEntries(own).Any()) Directory.Delete(own);
    }

    private static string InData(string directory) => Path.GetFullPath(Path.Combine(directory, "footfall.sock"));

    private static string Pointer(string directory) => Path.Combine(directory, "footfall.socket");
}
