namespace Footfall.Live;

/// <summary>One open stream: a place in the messages of a <see cref="Broadcaster"/> and a response to write them to.</summary>
internal sealed class Watcher(HttpContext http, TimeProvider time, LiveMetrics metrics, ILogger<LiveHub> log)
{
    /// <summary>A client whose connection takes nothing for so long is given up.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    /// <summary>A snapshot is written in pieces, so that a slow connection shows that it takes something.</summary>
    private const int LargestWrite = 16 << 10;

    /// <summary>For the last message to a client of a server that stops.</summary>
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    private const long NotWriting = long.MinValue;

    private readonly Lock _ending = new();
    private long _writingSince = NotWriting;
    private bool _ended;

    public Wakeup Wakeup { get; } = new();

    /// <summary>The place among the watchers of the broadcaster, which alone uses it.</summary>
    public int Place { get; set; }

    /// <summary>Writes messages until the client goes, is given up, or the server stops.</summary>
    /// <param name="cursor">The number of the last message that the client has.</param>
    public async Task RunAsync(Broadcaster broadcaster, long cursor, CancellationToken stopping)
    {
        var gone = http.RequestAborted;
        await using var waking = gone.UnsafeRegister(static wakeup => ((Wakeup)wakeup!).Signal(), Wakeup);
        if (!await WriteAsync(EventWriter.Retry, stopping)) return;
        while (!stopping.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            if (broadcaster.Next(ref cursor) is not { } message) await Wakeup.WaitAsync();
            else if (await WriteAsync(message, stopping)) metrics.MessageSent();
            else return;
        }
        if (gone.IsCancellationRequested) return;
        using var deadline = new CancellationTokenSource(GoodbyeTime, time);
        await WriteAsync(EventWriter.Goodbye(), deadline.Token);
    }

    /// <summary>Whether the connection has taken nothing for too long.</summary>
    public bool IsStuck => Volatile.Read(ref _writingSince) is var since && since != NotWriting && time.GetElapsedTime(since) >= StuckAfter;

    /// <summary>Ends the connection. It may run what waits for the connection, so that the caller must hold no lock.</summary>
    public void Drop()
    {
        lock (_ending)
        {
            if (_ended) return;
            _ended = true;
            metrics.WatcherDropped();
            log.WatcherDropped(StuckAfter.TotalSeconds);
            http.Abort();
        }
    }

    /// <summary>From now on the request is not touched: the server uses its objects for the next one.</summary>
    public void End()
    {
        lock (_ending) _ended = true;
    }

    private async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> message, CancellationToken stopping)
    {
        var isOnePiece = message.Length <= LargestWrite;
        try
        {
            while (!message.IsEmpty)
            {
                var piece = message[..Math.Min(message.Length, LargestWrite)];
                message = message[piece.Length..];
                var writing = http.Response.BodyWriter.WriteAsync(piece, stopping);
                // It is complete at once unless the client is behind by more than the server buffers.
                if (!writing.IsCompleted) Volatile.Write(ref _writingSince, time.GetTimestamp());
                var result = await writing;
                Volatile.Write(ref _writingSince, NotWriting);
                if (result.IsCompleted || result.IsCanceled) return false;
            }
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stopped before the write began: the stream can end in good order.
            if (isOnePiece && Volatile.Read(ref _writingSince) == NotWriting) return true;
            // The connection is full: an end of the stream would wait behind what it does not take.
            http.Abort();
            return false;
        }
    }
}
