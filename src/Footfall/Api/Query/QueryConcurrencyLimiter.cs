using System.Threading.RateLimiting;
using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Api.Query;

/// <summary>
/// Lets so many queries run at once and so many wait, and each take so long. Clients whose queries wait take turns, and one may have half
/// of the queue.
/// </summary>
internal sealed class QueryConcurrencyLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<ulong> _limiter;
    private readonly int _maxQueries;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly QueryMetrics _metrics;
    private int _queries;

    public QueryConcurrencyLimiter(IOptions<FootfallOptions> options, TimeProvider time, QueryMetrics metrics)
    {
        var query = options.Value.Query;
        (_maxQueries, _timeout) = (query.MaxConcurrent + query.QueueLimit, TimeSpan.FromSeconds(query.TimeoutSeconds));
        (_time, _metrics) = (time, metrics);
        // The common queue is first come, first served, and has no more of a client than may run at once: the others wait in the client's
        // own queue, where they are in nobody's way.
        _limiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<ulong, ulong>(
                client => RateLimitPartition.GetConcurrencyLimiter(client, _ => Limit((query.QueueLimit + 1) / 2))),
            PartitionedRateLimiter.Create<ulong, bool>(_ => RateLimitPartition.GetConcurrencyLimiter(true, _ => Limit(query.QueueLimit))));

        ConcurrencyLimiterOptions Limit(int queue) => new() { PermitLimit = query.MaxConcurrent, QueueLimit = queue };
    }

    /// <summary>Asks when it is its turn.</summary>
    /// <param name="client">As <see cref="IClientKeyProvider"/> names it.</param>
    /// <param name="aborted">Set when the client goes away.</param>
    /// <exception cref="QueryQueueFullException">Too many wait already, of all clients or of this one.</exception>
    /// <exception cref="TimeoutException">It took too long, the wait included.</exception>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async Task<T> RunAsync<T>(ulong client, Func<CancellationToken, Task<T>> run, CancellationToken aborted)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, aborted);
        try
        {
            // Before anything is kept of the client: the framework forgets one only seconds after its last query, and a flood of clients
            // must not fill the memory.
            if (Interlocked.Increment(ref _queries) > _maxQueries) throw new QueryQueueFullException();
            using var lease = await AcquireAsync(client, either.Token);
            if (!lease.IsAcquired) throw new QueryQueueFullException();
            using (_metrics.TrackRunning()) return await run(either.Token);
        }
        catch (OperationCanceledException error) when (timeout.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            throw new TimeoutException("The query took too long.", error);
        }
        finally
        {
            Interlocked.Decrement(ref _queries);
        }
    }

    public void Dispose() => _limiter.Dispose();

    private async ValueTask<RateLimitLease> AcquireAsync(ulong client, CancellationToken cancellationToken)
    {
        var acquiring = _limiter.AcquireAsync(client, 1, cancellationToken);
        if (acquiring.IsCompleted) return await acquiring;
        using (_metrics.TrackWaiting()) return await acquiring;
    }
}

/// <summary>As many queries wait as may.</summary>
internal sealed class QueryQueueFullException() : Exception("Too many queries are waiting.");
