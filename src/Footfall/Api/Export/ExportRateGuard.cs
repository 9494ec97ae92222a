using System.IO.Pipelines;

namespace Footfall.Api.Export;

/// <summary>
/// Sends the body of an export, and aborts it if the client, after 10 seconds, reads less than 16 KiB per second of the server's waiting
/// time, or nothing for a minute. Kestrel's minimum rate checks only the first: a client that read a gigabyte quickly could then hold a
/// slot for 18 hours.
/// </summary>
internal sealed class ExportRateGuard(HttpContext http, TimeProvider time)
{
    private const double MinBytesPerSecond = 16 * 1024;

    private static readonly TimeSpan MaxFlushTime = TimeSpan.FromMinutes(1);

    private readonly PipeWriter _body = http.Response.BodyWriter;
    private TimeSpan _remaining = TimeSpan.FromSeconds(10);

    /// <exception cref="SlowClientException">The client is too slow; the connection is broken, so that the client does not take the part
    /// for the whole.</exception>
    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    public async Task FlushAsync()
    {
        _remaining += TimeSpan.FromSeconds(_body.UnflushedBytes / MinBytesPerSecond);
        var begun = time.GetTimestamp();
        using var slow = new CancellationTokenSource(_remaining < MaxFlushTime ? _remaining : MaxFlushTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, http.RequestAborted);
        try
        {
            await _body.FlushAsync(either.Token);
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested)
        {
            // Handled below.
        }
        // Kestrel aborts the request itself when a flush is cancelled, and need not throw.
        if (slow.IsCancellationRequested)
        {
            http.Abort();
            throw new SlowClientException();
        }
        _remaining -= time.GetElapsedTime(begun);
        if (_remaining < TimeSpan.Zero) _remaining = TimeSpan.Zero;
    }
}

internal sealed class SlowClientException() : IOException("The client reads its export too slowly.");
