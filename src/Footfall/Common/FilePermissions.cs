using System.Runtime.InteropServices;

namespace Footfall.Common;

/// <summary>
/// Keeps what the program writes, the visitors and the money of shops, from other users of the machine. On Windows the rights are those of
/// the folder.
/// </summary>
internal static partial class FilePermissions
{
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        OwnerOnlyDirectory = OwnerOnlyFile | UnixFileMode.UserExecute;

    /// <summary>How the names begin of what Footfall makes in a data directory.</summary>
    private static readonly string[] NamePrefixes =
        ["journal.", "history.duckdb", "salts.db", "positions.db", "footfall.", "restore.partial", "replaced-"];

    /// <summary>From now on nobody else may open a file or a directory that this process makes.</summary>
    public static void SetUmask()
    {
        if (!OperatingSystem.IsWindows()) _ = Umask(Convert.ToUInt32("077", 8));
    }

    /// <summary>
    /// Takes the rights of other users away from a data directory, and from what earlier versions made in it. Files that another user owns
    /// stay as they are.
    /// </summary>
    public static void Restrict(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        // One that all may write to, such as /tmp, has another purpose too.
        if (!File.GetUnixFileMode(directory).HasFlag(UnixFileMode.StickyBit)) SetMode(directory, OwnerOnlyDirectory);
        foreach (var path in Directory.EnumerateFileSystemEntries(directory))
        {
            if (!NamePrefixes.Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal))) continue;
            SetMode(path, Directory.Exists(path) ? OwnerOnlyDirectory : OwnerOnlyFile);
            if (!Directory.Exists(path)) continue;
            foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)) SetMode(file, OwnerOnlyFile);
        }
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            File.SetUnixFileMode(path, mode);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            // Of another user, on a disk that is read only, or gone meanwhile: who can't write it says so.
            return;
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);
}
