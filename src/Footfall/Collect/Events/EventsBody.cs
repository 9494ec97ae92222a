using Footfall.Words;
using Microsoft.AspNetCore.Http.Features;

namespace Footfall.Collect.Events;

/// <summary>The whole body of a request, decompressed.</summary>
/// <param name="limit">The most bytes, as sent and as decompressed.</param>
internal sealed class EventsBody(int limit) : IDisposable
{
    private readonly PooledBytes _sent = new(limit);
    private PooledBytes? _unpacked;

    public ReadOnlySpan<byte> Bytes => (_unpacked ?? _sent).Bytes;

    public async ValueTask<RejectReason> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > limit) return RejectReason.PayloadTooLarge;
        try
        {
            var reason = await ReadAsync(request.Body, (int)(request.ContentLength ?? limit), request.HttpContext.RequestAborted);
            if (reason != RejectReason.None || IsPlain(request)) return reason;
            return Unpacking.Unpack(request.Headers.ContentEncoding.ToString(), _sent, _unpacked = new PooledBytes(limit));
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // Cut short, or not chunked as HTTP says; if the sender went away nobody reads the answer, but the refusal is counted.
            return RejectReason.MalformedBody;
        }
    }

    /// <summary>
    /// Leaves the limit to the endpoint. Kestrel counts what divides chunks with the body, and cuts the connection over its limit,
    /// so that a sender may see a broken pipe in place of the answer. Its limit stays above what chunks of a byte each need (seven for one): without one
    /// an extension of a chunk could go on for ever, and no byte of the body would come to be counted here.
    /// </summary>
    public void RaiseServerLimit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = 8L * limit + 64 * 1024;
    }

    public void Dispose()
    {
        _sent.Dispose();
        _unpacked?.Dispose();
    }

    private static bool IsPlain(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding;
        return encoding.Count == 0 || encoding.ToString() is "" or "identity";
    }

    private async ValueTask<RejectReason> ReadAsync(Stream stream, int expected, CancellationToken stop)
    {
        while (await stream.ReadAsync(_sent.Room(expected), stop) is > 0 and var read)
        {
            _sent.Advance(read);
            if (_sent.OverLimit) return RejectReason.PayloadTooLarge;
        }
        return RejectReason.None;
    }
}
