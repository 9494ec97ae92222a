using System.Runtime.InteropServices;

namespace Footfall.Common;

/// <summary>Makes file writes survive a power failure.</summary>
internal static partial class FileSync
{
    /// <summary>Syncs the content of a file to disk.</summary>
    public static void SyncFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Syncs the names in a directory to disk: only then is a rename durable (fsync(2)). Not needed on Windows.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(path, 0);
        if (handle < 0) throw Failed(path);
        try
        {
            if (Sync(handle) != 0) throw Failed(path);
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static IOException Failed(string path) =>
        new($"The directory {path} can't be written: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
