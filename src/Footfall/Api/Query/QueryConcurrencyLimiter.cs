using System.Threading.RateLimiting;
using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Api.Query;

/// <summary>
/// Limits the running queries, the waiting queries and the time of each. Clients with waiting queries take turns, and one client may have
/// half of the queue.
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
        // The shared queue is first come, first served, and has no more queries of a client than may run at once: the others wait in the
        // client's own queue, where they block no other client.
        _limiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<ulong, ulong>(
                client => RateLimitPartition.GetConcurrencyLimiter(client, _ => Limit((query.QueueLimit + 1) / 2))),
            PartitionedRateLimiter.Create<ulong, bool>(_ => RateLimitPartition.GetConcurrencyLimiter(true, _ => Limit(query.QueueLimit))));

        ConcurrencyLimiterOptions Limit(int queue) => new() { PermitLimit = query.MaxConcurrent, QueueLimit = queue };
    }

    /// <summary>Runs a query when it is its turn.</summary>
    /// <param name="client">The key from <see cref="IClientKeyProvider"/>.</param>
    /// <param name="aborted">Canceled when the client disconnects.</param>
    /// <exception cref="QueryQueueFullException">Too many queries wait already, of all clients or of this one.</exception>
    /// <exception cref="TimeoutException">It took too long, the wait included.</exception>
    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    public async Task<T> RunAsync<T>(ulong client, Func<CancellationToken, Task<T>> run, CancellationToken aborted)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, aborted);
        try
        {
            // Before any state of the client is kept: the framework drops it only seconds after the last query, and a flood of clients must
            // not fill the memory.
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

/// <summary>Too many queries are waiting.</summary>
internal sealed class QueryQueueFullException() : Exception("Too many queries are waiting.");
