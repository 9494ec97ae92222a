using Footfall.Common;

namespace Footfall.Journal;

/// <summary>Holds a data directory for one process: two writers on one journal would each count what the other does not see.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    public const string FileName = "footfall.lock";

    // What an IOException has of a file that another process has locked: EWOULDBLOCK of flock(2), by its number on Linux and on macOS, and
    // ERROR_SHARING_VIOLATION on Windows.
    private const int WouldBlock = 11, WouldBlockOnMac = 35, SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the directory, which is made when it is missing.</summary>
    /// <returns>Null where another process holds it.</returns>
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
            // The file stays when the process ends: deleting it would let two processes lock two files of one name.
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

    /// <summary>Takes the directory, or says who has it.</summary>
    /// <exception cref="StartupException">The directory is in use, or can't be written.</exception>
    public static DataDirectoryLock Acquire(string directory) => TryAcquire(directory) ?? throw new StartupException(
        $"The data directory {Path.GetFullPath(directory)} is in use by another running Footfall. Stop that one first, or choose another " +
        $"directory with Footfall__DataDirectory.");

    public void Dispose() => _file.Dispose();

    private static StartupException CreateNotWritableException(string directory, Exception error) => new(
        $"The data directory {Path.GetFullPath(directory)} can't be written: {error.Message} Choose another one with "
            + $"Footfall__DataDirectory, or change its permissions.", error);
}
