using System.Text.Json;
using Footfall.Collect.Orders;
using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>Takes imports while the server runs, because only one process may own the journal: <c>GET</c> and <c>POST /import/access-log</c>, and <c>POST /import/orders</c>, on its control socket.</summary>
internal sealed class ImportEndpoint(AccessLogImport import, OrderImport orders, IHostApplicationLifetime lifetime, ILogger<ImportEndpoint> log)
{
    public async Task ProcessRequestAsync(HttpContext context)
    {
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
        await JsonAnswer.WriteAsync(context.Response, JsonSerializer.SerializeToUtf8Bytes(state, ImportJson.Default.ImportState), CancellationToken.None);
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
        await JsonAnswer.WriteAsync(context.Response, JsonSerializer.SerializeToUtf8Bytes(summary, ImportJson.Default.ImportSummary), CancellationToken.None);
    }

    private async Task PostOrdersAsync(HttpContext context, CancellationToken stop)
    {
        var request = JsonSerializer.Deserialize(context.Request.Query["request"].ToString(), OrderJson.Default.OrderRequest)!;
        var summary = await orders.RunOrdersAsync(context.Request.Body, request, null, stop);
        await context.Request.Body.CopyToAsync(Stream.Null, stop);
        Log.OrdersImported(log, summary.Status, summary.Lines, summary.Purchases, summary.Refunds);
        await JsonAnswer.WriteAsync(context.Response, JsonSerializer.SerializeToUtf8Bytes(summary, OrderJson.Default.OrderSummary), CancellationToken.None);
    }
}
