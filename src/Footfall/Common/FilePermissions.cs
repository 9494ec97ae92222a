using System.Runtime.InteropServices;

namespace Footfall.Common;

/// <summary>
/// Protects the program's files, with visitors and revenue of shops, from other users of the machine. On Windows the folder's permissions
/// apply.
/// </summary>
internal static partial class FilePermissions
{
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        OwnerOnlyDirectory = OwnerOnlyFile | UnixFileMode.UserExecute;

    /// <summary>The name prefixes of Footfall's files in a data directory.</summary>
    private static readonly string[] NamePrefixes =
        ["journal.", "history.duckdb", "salts.db", "positions.db", "footfall.", "restore.partial", "replaced-"];

    /// <summary>Denies other users access to new files and directories of this process.</summary>
    public static void SetUmask()
    {
        if (!OperatingSystem.IsWindows()) _ = Umask(Convert.ToUInt32("077", 8));
    }

    /// <summary>
    /// Removes the permissions of other users from a data directory, and from files that earlier versions created in it. Files of another
    /// owner are unchanged.
    /// </summary>
    public static void Restrict(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        // A world-writable directory, such as /tmp, has other uses too.
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
            // Owned by another user, on a read-only disk, or deleted meanwhile: a later write reports it.
            return;
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);
}
