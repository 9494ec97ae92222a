using System.Text.Json;
using Footfall.Collect.Orders;
using Footfall.Journal;
using Footfall.Words;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Footfall.Collect.AccessLog;

/// <summary>
/// Takes imports while the server runs, because only one process may own the journal: <c>GET</c> and <c>POST /import/access-log</c> and <c>POST /import/orders</c> on a Unix
/// domain socket that only the user of this process may open. A Kestrel of its own, so that no setting of addresses can bring it to the network,
/// and its body of any size needs no exception in the limits of the other.
/// </summary>
/// <param name="journal">Needed before the socket: it owns the data directory.</param>
internal sealed class ImportServer(
    AccessLogImport import, OrderImport orders, IJournal journal, IOptions<FootfallOptions> options, IHostApplicationLifetime lifetime, ILogger<ImportServer> log)
    : IHostedService, IHttpApplication<HttpContext>, IDisposable
{
    private readonly IJournal _journal = journal;
    private KestrelServer? _server;
    private int _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var path = ImportSocketPath.Claim(options.Value.DataDirectory);
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.ListenUnixSocket(path);
        // What this Kestrel has to say (a client went away, a bad request) is of no use to anybody but the client.
        var quiet = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;
        _server = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), quiet), quiet);
        await _server.StartAsync(this, cancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host may be stopped from two sides at once.
        if (_server is null || Interlocked.Exchange(ref _stopped, 1) == 1) return;
        await _server.StopAsync(cancellationToken);
        ImportSocketPath.Release(options.Value.DataDirectory);
    }

    public void Dispose() => _server?.Dispose();

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        if (context.Request.Path != ImportClient.Path && context.Request.Path != ImportClient.OrdersPath)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
        try
        {
            if (context.Request.Path == ImportClient.OrdersPath) await PostOrdersAsync(context, stop.Token);
            else await (HttpMethods.IsPost(context.Request.Method) ? PostAsync(context, stop.Token) : GetAsync(context, stop.Token));
        }
        catch (ImportException error)
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await context.Response.WriteAsync(error.Message, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The client is gone: what was read is durable, and the same command goes on behind it.
            Log.ImportBrokeOff(log);
            context.Abort();
        }
    }

    private async Task GetAsync(HttpContext context, CancellationToken stop)
    {
        var state = await import.StateAsync(context.Request.Query["site"].ToString(), stop);
        await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(state, ImportJson.Default.ImportState));
    }

    private async Task PostAsync(HttpContext context, CancellationToken stop)
    {
        var query = context.Request.Query;
        if (!long.TryParse(query["from"], out var from) || from < 0) throw new ImportException("The parameter from must be a number of bytes.");
        var request = new ImportRequest(query["site"].ToString(), from, query["state"].ToString(), query["assets"] == "true");
        var summary = await import.RunAsync(context.Request.Body, request, null, stop);
        // A client that still sends would not read the answer.
        await context.Request.Body.CopyToAsync(Stream.Null, stop);
        Log.Imported(log, summary.Status, summary.Lines, summary.Pages, summary.Visits);
        await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(summary, ImportJson.Default.ImportSummary));
    }

    private async Task PostOrdersAsync(HttpContext context, CancellationToken stop)
    {
        var request = JsonSerializer.Deserialize(context.Request.Query["request"].ToString(), OrderJson.Default.OrderRequest)!;
        var summary = await orders.RunOrdersAsync(context.Request.Body, request, null, stop);
        await context.Request.Body.CopyToAsync(Stream.Null, stop);
        Log.OrdersImported(log, summary.Status, summary.Lines, summary.Purchases, summary.Refunds);
        await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(summary, OrderJson.Default.OrderSummary));
    }

    private static async Task WriteAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, CancellationToken.None);
    }
}
