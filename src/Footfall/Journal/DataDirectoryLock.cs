using Footfall.Common;

namespace Footfall.Journal;

/// <summary>Locks a data directory for one process: two writers on one journal would each miss the other's counts.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    public const string FileName = "footfall.lock";

    // The HResult of an IOException for a file locked by another process: EWOULDBLOCK of flock(2) on Linux and macOS,
    // ERROR_SHARING_VIOLATION on Windows.
    private const int WouldBlock = 11, WouldBlockOnMac = 35, SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Locks the directory; creates it if it is missing.</summary>
    /// <returns>Null if another process holds it.</returns>
    /// <exception cref="StartupException">The directory can't be written.</exception>
    public static DataDirectoryLock? TryAcquire(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CreateNotWritableException(directory, error);
        }
        var path = Path.Combine(directory, FileName);
        try
        {
            // The file stays when the process ends: deleting it would let two processes lock two files with one name.
            var acquired = new DataDirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            FilePermissions.Restrict(directory);
            return acquired;
        }
        catch (UnauthorizedAccessException error)
        {
            throw CreateNotWritableException(directory, error);
        }
        catch (IOException error) when (error.HResult is WouldBlock or WouldBlockOnMac or SharingViolation)
        {
            return null;
        }
        catch (IOException error)
        {
            throw CreateNotWritableException(directory, error);
        }
    }

    /// <summary>Locks the directory, or throws with the owner.</summary>
    /// <exception cref="StartupException">The directory is in use, or can't be written.</exception>
    public static DataDirectoryLock Acquire(string directory) => TryAcquire(directory) ?? throw new StartupException(
        $"The data directory {Path.GetFullPath(directory)} is in use by another running Footfall. Stop that one first, or choose another " +
        $"directory with Footfall__DataDirectory.");

    public void Dispose() => _file.Dispose();

    private static StartupException CreateNotWritableException(string directory, Exception error) => new(
        $"The data directory {Path.GetFullPath(directory)} can't be written: {error.Message} Choose another one with "
            + $"Footfall__DataDirectory, or change its permissions.", error);
}
