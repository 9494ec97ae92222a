namespace Footfall.Hosting;

/// <summary>
/// Lets a request run on the thread that saw its bytes arrive, in place of a hop to the thread pool: 5 to 15 % more visits a second on two
/// cores (<c>bench/http.sh</c>), since a switch of threads costs about as much as all of Footfall's own work for a visit.
/// </summary>
/// <remarks>
/// Such a thread serves many connections, so code on it must never block. The endpoints of hits do not; all others leave it first.
/// Nor may one connection keep it: a client that pipelines requests which are answered without waiting, refusals above all, would hold it
/// as long as it sends, or the journal's writer, which goes on with the connections that it answers. So every so many requests one leaves,
/// and takes its connection along.
/// </remarks>
internal static class InlineSockets
{
    /// <summary>Read by .NET's sockets when the first one is made: dotnet/runtime, SocketAsyncEngine.Unix.cs.</summary>
    private const string EnvironmentVariable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Switches it on for the program, unless the environment says otherwise.</summary>
    public static void Enable()
    {
        if (BuildInfo.OwnsProcess && Environment.GetEnvironmentVariable(EnvironmentVariable) is null)
            Environment.SetEnvironmentVariable(EnvironmentVariable, "1");
    }

    /// <summary>
    /// A power of two: one hop in so many requests costs less than can be measured, and so many refusals take under a millisecond.
    /// </summary>
    private const int RequestsPerYield = 64;

    [ThreadStatic]
    private static int _requests;

    /// <summary>Counts a request on this thread.</summary>
    /// <returns>Whether it has to leave, so that another connection has its turn.</returns>
    public static bool ShouldYield() => (++_requests & (RequestsPerYield - 1)) == 0 && !Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>Middleware that goes on in the thread pool.</summary>
    public static async Task YieldAsync(HttpContext http, RequestDelegate next)
    {
        await Task.Yield();
        await next(http);
    }
}
