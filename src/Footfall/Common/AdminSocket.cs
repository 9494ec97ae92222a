using System.Net.Sockets;
using System.Text;

namespace Footfall.Common;

/// <summary>
/// Where the process that owns a data directory listens for the commands that need it: <c>footfall.sock</c> in the directory. The path of a
/// Unix domain socket may have about 100 bytes (unix(7): <c>sun_path</c> has 108, elsewhere 104); if it is longer, the socket is in the
/// temporary directory, and the file <c>footfall.socket</c> in the data directory has its path.
/// </summary>
internal static class AdminSocket
{
    private const int MaxPathBytes = 100;

    /// <summary>Prepares the path for a new socket; removes what a killed process left there.</summary>
    /// <param name="directory">The data directory, which only this process uses.</param>
    public static string Claim(string directory)
    {
        Release(directory);
        var path = GetDefaultPath(directory);
        if (Encoding.UTF8.GetByteCount(path) <= MaxPathBytes) return path;
        path = Path.Combine(Directory.CreateTempSubdirectory("footfall-").FullName, "s");
        File.WriteAllText(GetPointerPath(directory), path);
        return path;
    }

    /// <summary>The path of the socket; null if there is none.</summary>
    public static string? Find(string directory)
    {
        if (File.Exists(GetDefaultPath(directory))) return GetDefaultPath(directory);
        return File.Exists(GetPointerPath(directory)) && File.ReadAllText(GetPointerPath(directory)) is var path && File.Exists(path) ? path
            : null;
    }

    /// <summary>Removes the socket and what points to it.</summary>
    public static void Release(string directory)
    {
        File.Delete(GetDefaultPath(directory));
        if (!File.Exists(GetPointerPath(directory))) return;
        var path = File.ReadAllText(GetPointerPath(directory));
        File.Delete(GetPointerPath(directory));
        if (!Path.IsPathFullyQualified(path) || Path.GetFileName(path) != "s" || Path.GetDirectoryName(path) is not { } own) return;
        if (!Path.GetFileName(own).StartsWith("footfall-", StringComparison.Ordinal) || !Directory.Exists(own)) return;
        File.Delete(path);
        if (!Directory.EnumerateFileSystemEntries(own).Any()) Directory.Delete(own);
    }

    /// <summary>Whether a process listens there.</summary>
    public static async Task<bool> IsListeningAsync(string path, CancellationToken cancellationToken)
    {
        using var probe = CreateSocket();
        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A client of that server. It has no timeout.</summary>
    public static HttpClient CreateClient(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = CreateSocket();
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
        UseProxy = false,
        // The content is sent only when the server starts to read it: the server may wait for another import, or reject it.
        Expect100ContinueTimeout = Timeout.InfiniteTimeSpan,
    })
    {
        BaseAddress = new Uri("http://footfall"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static Socket CreateSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static string GetDefaultPath(string directory) => Path.GetFullPath(Path.Combine(directory, "footfall.sock"));

    private static string GetPointerPath(string directory) => Path.Combine(directory, "footfall.socket");
}
