using Footfall.Common;
using Footfall.Import;
using Footfall.Journal;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Footfall.Hosting.Admin;

/// <summary>
/// Serves commands that need the running server, because only one process may own the data directory: on a Unix domain socket that only the
/// user of this process may open. A separate Kestrel, so that no address setting can expose it to the network, and its unlimited bodies
/// need no exception in the limits of the other. It starts last, when the journal and the history are running.
/// </summary>
/// <param name="journal">Needed before the socket, since it owns the data directory.</param>
internal sealed class AdminSocketServer(
    ImportEndpoint import, BackupLockEndpoint hold, SiteErasureEndpoint deletion, IJournal journal, IOptions<FootfallOptions> options)
    : IHostedService, IHttpApplication<HttpContext>, IDisposable
{
    private readonly IJournal _journal = journal;

    private readonly Dictionary<string, Func<HttpContext, Task>> _routes = new(StringComparer.Ordinal)
    {
        [ImportClient.AccessLogPath] = import.ProcessRequestAsync,
        [ImportClient.OrdersPath] = import.ProcessRequestAsync,
        [BackupLockEndpoint.JournalPath] = hold.HoldJournalAsync,
        [BackupLockEndpoint.HistoryPath] = hold.HoldHistoryAsync,
        [SiteErasureEndpoint.Path] = deletion.PostAsync,
    };

    private KestrelServer? _server;
    private int _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var path = AdminSocket.Claim(options.Value.DataDirectory);
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.ListenUnixSocket(path);
        // This Kestrel's log messages (a client disconnected, a bad request) matter only to the client.
        var quiet = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;
        _server = new KestrelServer(Options.Create(kestrel),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), quiet), quiet);
        await _server.StartAsync(this, cancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host may be stopped twice at the same time.
        if (_server is null || Interlocked.Exchange(ref _stopped, 1) == 1) return;
        await _server.StopAsync(cancellationToken);
        AdminSocket.Release(options.Value.DataDirectory);
    }

    public void Dispose() => _server?.Dispose();

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        if (_routes.TryGetValue(context.Request.Path.Value ?? "", out var handle)) return handle(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
