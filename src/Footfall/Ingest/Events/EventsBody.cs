using Footfall.Common;
using Microsoft.AspNetCore.Http.Features;

namespace Footfall.Ingest.Events;

/// <summary>The whole body of a request, decompressed.</summary>
/// <param name="limit">The most bytes, as sent and as decompressed.</param>
internal sealed class EventsBody(int limit, BodyMemoryLimiter memory, TimeProvider time) : IDisposable
{
    /// <summary>
    /// A body that holds more than <see cref="BodyMemoryLimiter.SmallBodyBytes"/> must bring so many bytes more in each
    /// <see cref="ProgressTimeout"/>: 16 KB a second. The server's own minimum is far lower and an average: a client that sends
    /// most of it immediately could then hold it for hours.
    /// </summary>
    private const int MinBytesPerInterval = 80 * 1024;

    private static readonly TimeSpan ProgressTimeout = TimeSpan.FromSeconds(5);

    private readonly PooledBuffer _received = new(limit, memory);
    private PooledBuffer? _decompressed;

    /// <summary>Of a body over <see cref="BodyMemoryLimiter.SmallBodyBytes"/> alone: nearly all are smaller, and need none.</summary>
    private CancellationTokenSource? _stalled, _stalledOrAborted;

    public ReadOnlySpan<byte> Bytes => (_decompressed ?? _received).Bytes;

    public async ValueTask<RejectReason> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > limit) return RejectReason.PayloadTooLarge;
        try
        {
            var reason = await ReadAsync(request.Body, (int)(request.ContentLength ?? limit), request.HttpContext.RequestAborted);
            if (reason != RejectReason.None || IsUncompressed(request)) return reason;
            // Not on the thread that reads the socket.
            await Task.Yield();
            using var lease = await memory.DecompressionLimiter.AcquireAsync(1, request.HttpContext.RequestAborted);
            return lease.IsAcquired ? Decompression.Decompress(request.Headers.ContentEncoding.ToString(), _received,
                _decompressed = new PooledBuffer(limit, memory)) : RejectReason.Busy;
        }
        catch (OperationCanceledException) when (_stalled is { IsCancellationRequested: true })
        {
            return RejectReason.RequestTimeout;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // Cut short, or invalid chunks. If the client disconnected, no one reads the response, but the rejection is counted.
            return RejectReason.MalformedBody;
        }
    }

    /// <summary>
    /// Leaves the limit to the endpoint. Kestrel counts the chunk headers as body, and closes the connection over its limit,
    /// so that a client may see a broken pipe instead of the response. Its limit stays above what chunks of one byte each need (seven for
    /// one): without a limit, a chunk extension could continue forever with no byte of the body to count here.
    /// </summary>
    public void RaiseServerLimit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = 8L * limit + 64 * 1024;
    }

    public void Dispose()
    {
        _received.Dispose();
        _decompressed?.Dispose();
        _stalledOrAborted?.Dispose();
        _stalled?.Dispose();
    }

    private static bool IsUncompressed(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding;
        return encoding.Count == 0 || encoding.ToString() is "" or "identity";
    }

    private async ValueTask<RejectReason> ReadAsync(Stream stream, int expected, CancellationToken aborted)
    {
        var nextCheck = BodyMemoryLimiter.SmallBodyBytes;
        var stop = aborted;
        while (_received.TryGetMemory(expected, out var free))
        {
            if (await stream.ReadAsync(free, stop) is not (> 0 and var read)) return RejectReason.None;
            _received.Advance(read);
            if (_received.IsOverLimit) return RejectReason.PayloadTooLarge;
            if (_received.Length < nextCheck) continue;
            nextCheck = _received.Length + MinBytesPerInterval;
            if (_stalled is null)
            {
                _stalled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
                _stalledOrAborted = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, aborted);
                stop = _stalledOrAborted.Token;
            }
            _stalled.CancelAfter(ProgressTimeout);
        }
        return RejectReason.Busy;
    }
}
