using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Footfall.Collect.Orders;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>Imports through a running server: see <see cref="ImportEndpoint"/>.</summary>
/// <param name="socket">The path of its socket.</param>
internal sealed class ImportClient(string socket) : IImportTarget, IOrderTarget, IDisposable
{
    public const string Path = "/import/access-log", OrdersPath = "/import/orders";

    private readonly HttpClient _http = ControlSocket.Client(socket);

    public async Task<ImportState> StateAsync(string site, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}?site={Uri.EscapeDataString(site)}");
        return await SendAsync(request, null, ImportJson.Default.ImportState, stop);
    }

    public async Task<OrderSummary> RunOrdersAsync(Stream content, OrderRequest request, IProgress<RejectReason>? waiting, CancellationToken stop)
    {
        var told = Uri.EscapeDataString(JsonSerializer.Serialize(request, OrderJson.Default.OrderRequest));
        return await PostAsync($"{OrdersPath}?request={told}", content, OrderJson.Default.OrderSummary, stop) ?? new OrderSummary { Status = ImportStatus.Stopped };
    }

    public async Task<ImportSummary> RunAsync(Stream content, ImportRequest request, IProgress<RejectReason>? waiting, CancellationToken stop)
    {
        var query = $"site={Uri.EscapeDataString(request.Site)}&from={request.From}&state={request.State}&assets={(request.IncludeAssets ? "true" : "false")}";
        return await PostAsync($"{Path}?{query}", content, ImportJson.Default.ImportSummary, stop) ?? new ImportSummary { Status = ImportStatus.Stopped };
    }

    public void Dispose() => _http.Dispose();

    /// <returns>Null where it was stopped here.</returns>
    private async Task<T?> PostAsync<T>(string path, Stream content, JsonTypeInfo<T> type, CancellationToken stop) where T : class
    {
        var body = new Body(content);
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        message.Headers.ExpectContinue = true;
        try
        {
            return await SendAsync(message, body, type, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage message, Body? body, JsonTypeInfo<T> type, CancellationToken stop)
    {
        try
        {
            using var answer = await _http.SendAsync(message, stop);
            if (answer.StatusCode != HttpStatusCode.OK) throw new ImportException(await answer.Content.ReadAsStringAsync(stop));
            return (await JsonSerializer.DeserializeAsync(await answer.Content.ReadAsStreamAsync(stop), type, stop))!;
        }
        catch (Exception error) when (body?.ReadError is { } own && error is not ImportException)
        {
            throw new ImportException(own.Message, own);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException && !stop.IsCancellationRequested)
        {
            throw new ImportException("The server went away. What it has read is durable: run the same command again to go on.", error);
        }
    }

    /// <summary>The content, of a length that is not known before.</summary>
    private sealed class Body(Stream content) : HttpContent
    {
        private const int BufferSize = 1 << 17;

        /// <summary>What went wrong with the content itself, and not with the connection.</summary>
        public Exception? ReadError { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var buffer = new byte[BufferSize];
            while (await ReadAsync(buffer, cancellationToken) is > 0 and var read) await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        private async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken stop)
        {
            try
            {
                return await content.ReadAsync(buffer, stop);
            }
            catch (Exception error) when (error is IOException or InvalidDataException)
            {
                ReadError = error;
                throw;
            }
        }
    }
}
