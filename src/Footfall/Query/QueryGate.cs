using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Query;

/// <summary>Lets so many questions run at once, so many wait, and each take so long.</summary>
internal sealed class QueryGate : IDisposable
{
    private readonly SemaphoreSlim _turns;
    private readonly int _queueLimit;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly QueryMetrics _metrics;
    private int _waiting;

    public QueryGate(IOptions<FootfallOptions> options, TimeProvider time, QueryMetrics metrics)
    {
        var query = options.Value.Query;
        (_turns, _queueLimit, _timeout) = (new SemaphoreSlim(query.MaxConcurrent), query.QueueLimit, TimeSpan.FromSeconds(query.TimeoutSeconds));
        (_time, _metrics) = (time, metrics);
    }

    /// <summary>Asks when it is its turn.</summary>
    /// <param name="aborted">Set when the client goes away.</param>
    /// <exception cref="QueryQueueFullException">Too many wait already.</exception>
    /// <exception cref="TimeoutException">It took too long, the wait included.</exception>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken aborted)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, aborted);
        try
        {
            await EnterAsync(either.Token);
            try
            {
                using (_metrics.Run()) return await ask(either.Token);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (OperationCanceledException error) when (timeout.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            throw new TimeoutException("The query took too long.", error);
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task EnterAsync(CancellationToken cancel)
    {
        if (_turns.Wait(0, CancellationToken.None)) return;
        if (Interlocked.Increment(ref _waiting) > _queueLimit)
        {
            Interlocked.Decrement(ref _waiting);
            throw new QueryQueueFullException();
        }
        try
        {
            using (_metrics.Wait()) await _turns.WaitAsync(cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}

/// <summary>As many queries wait as may.</summary>
internal sealed class QueryQueueFullException() : Exception("Too many queries wait.");
