using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting;

/// <summary>
/// Limits connections by the number of files that the process may open. Kestrel's own <c>MaxConcurrentConnections</c> acts too late: it
/// checks a connection on the thread pool, and those accepted meanwhile can use the last descriptor, without which the runtime aborts the
/// process.
/// </summary>
internal sealed class BoundedListenerFactory(IOptions<SocketTransportOptions> options, ILoggerFactory loggers, TimeProvider time)
    : IConnectionListenerFactory
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);
    private readonly ILogger _log = loggers.CreateLogger<BoundedListenerFactory>();
    private readonly LogThrottle _logThrottle = new(time);
    private readonly int _maxConnections = KestrelLimits.GetConnectionLimit(KestrelLimits.GetFileDescriptorLimit());
    private int _open;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(this, await _sockets.BindAsync(endpoint, cancellationToken));

    private sealed class Listener(BoundedListenerFactory all, IConnectionListener sockets) : IConnectionListener
    {
        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await sockets.AcceptAsync(cancellationToken) is { } connection)
            {
                if (Interlocked.Increment(ref all._open) <= all._maxConnections)
                {
                    connection.ConnectionClosed.UnsafeRegister(static all =>
                        Interlocked.Decrement(ref ((BoundedListenerFactory)all!)._open), all);
                    return connection;
                }
                Interlocked.Decrement(ref all._open);
                if (all._logThrottle.TryPass()) all._log.TooManyConnections(all._maxConnections);
                connection.Abort();
                await connection.DisposeAsync();
            }
            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => sockets.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => sockets.DisposeAsync();
    }
}
