using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Footfall.Common;
using Footfall.Import.AccessLog;
using Footfall.Import.Orders;

namespace Footfall.Import;

/// <summary>Imports through a running server: see <see cref="ImportEndpoint"/>.</summary>
/// <param name="socket">The path of its socket.</param>
internal sealed class ImportClient(string socket) : IAccessLogImporter, IOrderImporter, IDisposable
{
    public const string AccessLogPath = "/import/access-log", OrdersPath = "/import/orders";

    private readonly HttpClient _http = AdminSocket.CreateClient(socket);

    public async Task<ImportState> GetStateAsync(string site, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{AccessLogPath}?site={Uri.EscapeDataString(site)}");
        return await SendAsync(request, null, ImportJson.Default.ImportState, cancellationToken);
    }

    public async Task<OrderSummary> ImportOrdersAsync(Stream content, OrderRequest request, IProgress<RejectReason>? waiting,
        CancellationToken cancellationToken)
    {
        var json = Uri.EscapeDataString(JsonSerializer.Serialize(request, OrderJson.Default.OrderRequest));
        return await PostAsync($"{OrdersPath}?request={json}", content, OrderJson.Default.OrderSummary, cancellationToken)
            ?? new OrderSummary { Status = ImportStatus.Stopped };
    }

    public async Task<ImportSummary> ImportAsync(Stream content, AccessLogRequest request, IProgress<RejectReason>? waiting,
        CancellationToken cancellationToken)
    {
        var query = $"site={Uri.EscapeDataString(request.Site)}&" +
            $"from={request.From}&state={request.State}&assets={(request.IncludeAssets ? "true" : "false")}";
        return await PostAsync($"{AccessLogPath}?{query}", content, ImportJson.Default.ImportSummary, cancellationToken)
            ?? new ImportSummary { Status = ImportStatus.Stopped };
    }

    public void Dispose() => _http.Dispose();

    /// <returns>Null where it was stopped here.</returns>
    private async Task<T?> PostAsync<T>(string path, Stream content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var body = new StreamingContent(content);
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        message.Headers.ExpectContinue = true;
        try
        {
            return await SendAsync(message, body, type, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage message, StreamingContent? body, JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(message, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new ImportException(await response.Content.ReadAsStringAsync(cancellationToken));
            return (await JsonSerializer.DeserializeAsync(await response.Content.ReadAsStreamAsync(cancellationToken), type,
                cancellationToken))!;
        }
        catch (Exception error) when (body?.ReadError is { } own && error is not ImportException)
        {
            throw new ImportException(own.Message, own);
        }
        catch (Exception error)
            when (error is HttpRequestException or IOException or JsonException && !cancellationToken.IsCancellationRequested)
        {
            throw new ImportException("The connection to the server was lost. Everything it has read is saved: run the same command again "
                + "to continue.", error);
        }
    }

    /// <summary>The content, whose length is not known in advance.</summary>
    private sealed class StreamingContent(Stream content) : HttpContent
    {
        private const int BufferSize = 1 << 17;

        /// <summary>The error of the content itself, as opposed to the connection.</summary>
        public Exception? ReadError { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var buffer = new byte[BufferSize];
            while (await ReadAsync(buffer, cancellationToken) is > 0 and var read)
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, default);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        private async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
        {
            try
            {
                return await content.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception error) when (error is IOException or InvalidDataException)
            {
                ReadError = error;
                throw;
            }
        }
    }
}
