namespace Footfall.Live;

/// <summary>One open stream: a cursor into the messages of an <see cref="SseChannel"/> and a response to write them to.</summary>
internal sealed class SseSubscriber(HttpContext http, TimeProvider time, LiveMetrics metrics, ILogger<SseHub> log)
{
    /// <summary>A client whose connection accepts no data for this long is dropped.</summary>
    public static readonly TimeSpan StuckTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A snapshot is written in chunks, so that a slow connection shows progress.</summary>
    private const int MaxWriteBytes = 16 << 10;

    /// <summary>The time limit for the last message when the server stops.</summary>
    private static readonly TimeSpan ReconnectMessageTimeout = TimeSpan.FromSeconds(1);

    private const long NotPending = long.MinValue;

    private readonly Lock _lock = new();
    private long _pendingSince = NotPending;
    private bool _ended;

    public AsyncAutoResetEvent WakeEvent { get; } = new();

    /// <summary>The index among the subscribers of the channel, for the channel only.</summary>
    public int Index { get; set; }

    /// <summary>Writes messages until the client disconnects, is dropped, or the server stops.</summary>
    /// <param name="cursor">The number of the last message that the client has.</param>
    public async Task RunAsync(SseChannel channel, long cursor, CancellationToken cancellationToken)
    {
        var requestAborted = http.RequestAborted;
        await using var registration = requestAborted.UnsafeRegister(static wakeup => ((AsyncAutoResetEvent)wakeup!).Signal(), WakeEvent);
        if (!await WriteAsync(SseWriter.Retry, cancellationToken)) return;
        while (!cancellationToken.IsCancellationRequested && !requestAborted.IsCancellationRequested)
        {
            if (channel.ReadNext(ref cursor) is not { } message) await WakeEvent.WaitAsync();
            else if (await WriteAsync(message, cancellationToken)) metrics.RecordMessage();
            else return;
        }
        if (requestAborted.IsCancellationRequested) return;
        using var deadline = new CancellationTokenSource(ReconnectMessageTimeout, time);
        await WriteAsync(SseWriter.CreateReconnectMessage(), deadline.Token);
    }

    /// <summary>Whether the connection has accepted no data for too long.</summary>
    public bool IsStuck =>
        Volatile.Read(ref _pendingSince) is var since && since != NotPending && time.GetElapsedTime(since) >= StuckTimeout;

    /// <summary>Aborts the connection. It may run continuations, so the caller must hold no lock.</summary>
    public void Drop()
    {
        lock (_lock)
        {
            if (_ended) return;
            _ended = true;
            metrics.RecordDropped();
            log.SubscriberDropped(StuckTimeout.TotalSeconds);
            http.Abort();
        }
    }

    /// <summary>Afterwards the request is not accessed: the server reuses its objects.</summary>
    public void End()
    {
        lock (_lock) _ended = true;
    }

    private async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var isSingleChunk = message.Length <= MaxWriteBytes;
        try
        {
            while (!message.IsEmpty)
            {
                var chunk = message[..Math.Min(message.Length, MaxWriteBytes)];
                message = message[chunk.Length..];
                var writing = http.Response.BodyWriter.WriteAsync(chunk, cancellationToken);
                // It completes at once unless the client lags by more than the server's buffer.
                if (!writing.IsCompleted) Volatile.Write(ref _pendingSince, time.GetTimestamp());
                var result = await writing;
                Volatile.Write(ref _pendingSince, NotPending);
                if (result.IsCompleted || result.IsCanceled) return false;
            }
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stopped before the write began: the stream can end cleanly.
            if (isSingleChunk && Volatile.Read(ref _pendingSince) == NotPending) return true;
            // The connection is blocked: a clean end would wait behind the unsent data.
            http.Abort();
            return false;
        }
    }
}
