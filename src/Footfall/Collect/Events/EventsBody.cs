using Footfall.Words;
using Microsoft.AspNetCore.Http.Features;

namespace Footfall.Collect.Events;

/// <summary>The whole body of a request, decompressed.</summary>
/// <param name="limit">The most bytes, as sent and as decompressed.</param>
internal sealed class EventsBody(int limit, BodyMemory memory, TimeProvider time) : IDisposable
{
    /// <summary>
    /// A body that holds more than <see cref="BodyMemory.Small"/> must bring so many bytes more in each <see cref="Patience"/>: 16 KB a second. The server's own
    /// minimum is far lower, and an average over the whole body: who sends most of it at once could then hold it for hours.
    /// </summary>
    private const int Progress = 80 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly PooledBytes _sent = new(limit, memory);
    private PooledBytes? _unpacked;

    /// <summary>Of a body over <see cref="BodyMemory.Small"/> alone: nearly all are smaller, and need none.</summary>
    private CancellationTokenSource? _slow, _slowOrAborted;

    public ReadOnlySpan<byte> Bytes => (_unpacked ?? _sent).Bytes;

    public async ValueTask<RejectReason> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > limit) return RejectReason.PayloadTooLarge;
        try
        {
            var reason = await ReadAsync(request.Body, (int)(request.ContentLength ?? limit), request.HttpContext.RequestAborted);
            if (reason != RejectReason.None || IsPlain(request)) return reason;
            // Not on the thread that reads the socket.
            await Task.Yield();
            using var turn = await memory.Decompression.AcquireAsync(1, request.HttpContext.RequestAborted);
            return turn.IsAcquired ? Unpacking.Unpack(request.Headers.ContentEncoding.ToString(), _sent, _unpacked = new PooledBytes(limit, memory)) : RejectReason.Busy;
        }
        catch (OperationCanceledException) when (_slow is { IsCancellationRequested: true })
        {
            return RejectReason.RequestTimeout;
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
        _slowOrAborted?.Dispose();
        _slow?.Dispose();
    }

    private static bool IsPlain(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding;
        return encoding.Count == 0 || encoding.ToString() is "" or "identity";
    }

    private async ValueTask<RejectReason> ReadAsync(Stream stream, int expected, CancellationToken aborted)
    {
        var next = BodyMemory.Small;
        var stop = aborted;
        while (_sent.TryGetRoom(expected, out var room))
        {
            if (await stream.ReadAsync(room, stop) is not (> 0 and var read)) return RejectReason.None;
            _sent.Advance(read);
            if (_sent.OverLimit) return RejectReason.PayloadTooLarge;
            if (_sent.Length < next) continue;
            next = _sent.Length + Progress;
            if (_slow is null)
            {
                _slow = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
                _slowOrAborted = CancellationTokenSource.CreateLinkedTokenSource(_slow.Token, aborted);
                stop = _slowOrAborted.Token;
            }
            _slow.CancelAfter(Patience);
        }
        return RejectReason.Busy;
    }
}
