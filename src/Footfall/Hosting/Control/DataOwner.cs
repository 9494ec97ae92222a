using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Hosting.Control;

/// <summary>Finds out who has a data directory: nobody, so that a command works on it itself, or a running server.</summary>
internal static class DataOwner
{
    /// <summary>How long a server that holds the directory may take until it listens, or a command until it is done.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(100);

    /// <returns>The path of the server's socket; null where nobody has the directory.</returns>
    /// <exception cref="StartException">Another program has it, and listens to no commands; or it can't be written.</exception>
    public static async Task<string?> FindServerAsync(string directory, TimeProvider time, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (IsFree(directory)) return null;
            if (ControlSocket.Find(directory) is { } socket && await ControlSocket.AnswersAsync(socket, stop)) return socket;
            if (time.GetElapsedTime(start) > Patience)
                throw new StartException($"The data directory {Path.GetFullPath(directory)} is in use by another command, or by a server that takes none. Try again when it is done.");
            await Task.Delay(Pause, time, stop);
        }
    }

    private static bool IsFree(string directory)
    {
        using var held = DataDirectoryLock.TryAcquire(directory);
        return held is not null;
    }
}
