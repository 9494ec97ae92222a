using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Commands;

/// <summary>Finds the owner of a data directory: a running server, or none, so that a command works on it itself.</summary>
internal static class RunningInstance
{
    /// <summary>How long a server that owns the directory may take to listen, or a command to finish.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10), RetryDelay = TimeSpan.FromMilliseconds(100);

    /// <returns>The path of the server's socket; null if no process owns the directory.</returns>
    /// <exception cref="StartupException">Another program owns it and accepts no commands, or it can't be written.</exception>
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
