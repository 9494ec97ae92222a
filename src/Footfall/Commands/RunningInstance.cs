using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Commands;

/// <summary>Finds out who has a data directory: nobody, so that a command works on it itself, or a running server.</summary>
internal static class RunningInstance
{
    /// <summary>How long a server that holds the directory may take until it listens, or a command until it is done.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10), RetryDelay = TimeSpan.FromMilliseconds(100);

    /// <returns>The path of the server's socket; null where nobody has the directory.</returns>
    /// <exception cref="StartupException">Another program has it, and listens to no commands; or it can't be written.</exception>
    public static async Task<string?> FindServerAsync(string directory, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (IsFree(directory)) return null;
            if (AdminSocket.Find(directory) is { } socket && await AdminSocket.IsListeningAsync(socket, cancellationToken)) return socket;
            if (time.GetElapsedTime(start) > Timeout)
                throw new StartupException($"The data directory {Path.GetFullPath(directory)} is in use by another command, or by a server "
                    + $"that accepts no commands. Try again when it has finished.");
            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private static bool IsFree(string directory)
    {
        using var held = DataDirectoryLock.TryAcquire(directory);
        return held is not null;
    }
}
