using System.Net.Sockets;
using System.Text;

namespace Footfall.Journal;

/// <summary>
/// Where the process that owns a data directory listens for the commands that need it: <c>footfall.sock</c> in the directory. The path of a Unix domain socket may have about 100
/// bytes (unix(7): <c>sun_path</c> has 108, elsewhere 104); where it is longer the socket is in the temporary directory, and the file
/// <c>footfall.socket</c> in the data directory tells where.
/// </summary>
internal static class ControlSocket
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

    /// <summary>Whether somebody listens there.</summary>
    public static async Task<bool> AnswersAsync(string path, CancellationToken stop)
    {
        using var probe = NewSocket();
        try
        {
            await probe.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A client of the server there. It waits for as long as the server takes.</summary>
    public static HttpClient Client(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stop) =>
        {
            var connection = NewSocket();
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
        UseProxy = false,
        // The content is sent when the server begins to read it: it may wait for another import, or refuse.
        Expect100ContinueTimeout = Timeout.InfiniteTimeSpan,
    })
    {
        BaseAddress = new Uri("http://footfall"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static string InData(string directory) => Path.GetFullPath(Path.Combine(directory, "footfall.sock"));

    private static string Pointer(string directory) => Path.Combine(directory, "footfall.socket");
}
