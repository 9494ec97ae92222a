using System.IO.Pipelines;

namespace Footfall.Query.Export;

/// <summary>
/// Sends the body of an export, and ends it where the client takes less than 16 KiB a second of the time that the server waits for it,
/// after 10 seconds; or nothing for a minute. Kestrel's own rate
/// knows only the first of these: who took a gigabyte quickly might then keep a place for 18 hours.
/// </summary>
internal sealed class ExportPace(HttpContext http, TimeProvider time)
{
    private const double BytesPerSecond = 16 * 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly PipeWriter _body = http.Response.BodyWriter;
    private TimeSpan _left = TimeSpan.FromSeconds(10);

    /// <exception cref="SlowClientException">The client is too slow; the connection is broken, so that what it has is not taken for the
    /// whole.</exception>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async Task FlushAsync()
    {
        _left += TimeSpan.FromSeconds(_body.UnflushedBytes / BytesPerSecond);
        var begun = time.GetTimestamp();
        using var slow = new CancellationTokenSource(_left < Longest ? _left : Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, http.RequestAborted);
        try
        {
            await _body.FlushAsync(either.Token);
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested)
        {
            // Below.
        }
        // Kestrel aborts the request itself when a flush is cancelled, and need not throw.
        if (slow.IsCancellationRequested)
        {
            http.Abort();
            throw new SlowClientException();
        }
        _left -= time.GetElapsedTime(begun);
        if (_left < TimeSpan.Zero) _left = TimeSpan.Zero;
    }
}

internal sealed class SlowClientException() : IOException("The client takes its export too slowly.");
