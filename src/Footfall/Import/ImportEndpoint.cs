using System.Text.Json;
using Footfall.Common;
using Footfall.Import.AccessLog;
using Footfall.Import.Orders;

namespace Footfall.Import;

/// <summary>
/// Takes imports while the server runs, because only one process may own the journal: <c>GET</c> and <c>POST /import/access-log</c>, and
/// <c>POST /import/orders</c>, on its admin socket.
/// </summary>
internal sealed class ImportEndpoint(AccessLogImporter import, OrderImporter orders, IHostApplicationLifetime lifetime,
    ILogger<ImportEndpoint> log)
{
    public async Task ProcessRequestAsync(HttpContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
        try
        {
            if (context.Request.Path == ImportClient.OrdersPath) await PostOrdersAsync(context, stop.Token);
            else await (HttpMethods.IsPost(context.Request.Method) ? PostAccessLogAsync(context, stop.Token)
                : GetStateAsync(context, stop.Token));
        }
        catch (ImportException error)
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await context.Response.WriteAsync(error.Message, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The client disconnected: what was read is durable, and the same command continues after it.
            Log.ImportAborted(log);
            context.Abort();
        }
    }

    private async Task GetStateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var state = await import.GetStateAsync(context.Request.Query["site"].ToString(), cancellationToken);
        await JsonResponse.WriteAsync(context.Response, JsonSerializer.SerializeToUtf8Bytes(state, ImportJson.Default.ImportState),
            CancellationToken.None);
    }

    private async Task PostAccessLogAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var query = context.Request.Query;
        if (!long.TryParse(query["from"], out var from) || from < 0)
            throw new ImportException("The parameter from must be a number of bytes.");
        var request = new AccessLogRequest(query["site"].ToString(), from, query["state"].ToString(), query["assets"] == "true");
        var summary = await import.ImportAsync(context.Request.Body, request, null, cancellationToken);
        // A client that still sends would not read the response.
        await context.Request.Body.CopyToAsync(Stream.Null, cancellationToken);
        Log.AccessLogImported(log, summary.Status, summary.Lines, summary.Pages, summary.Visits);
        await JsonResponse.WriteAsync(context.Response, JsonSerializer.SerializeToUtf8Bytes(summary, ImportJson.Default.ImportSummary),
            CancellationToken.None);
    }

    private async Task PostOrdersAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.Deserialize(context.Request.Query["request"].ToString(), OrderJson.Default.OrderRequest)!;
        var summary = await orders.ImportOrdersAsync(context.Request.Body, request, null, cancellationToken);
        await context.Request.Body.CopyToAsync(Stream.Null, cancellationToken);
        Log.OrdersImported(log, summary.Status, summary.Lines, summary.Purchases, summary.Refunds);
        await JsonResponse.WriteAsync(context.Response, JsonSerializer.SerializeToUtf8Bytes(summary, OrderJson.Default.OrderSummary),
            CancellationToken.None);
    }
}
