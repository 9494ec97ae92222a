using Footfall.Common;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Writes one shard, one batch after the other: while Redis runs one, requests queue for the next. No shard waits for another. A batch
/// without a reply is sent again with the same number, so that it counts once; it has a deadline on Redis' clock, so that an abandoned
/// batch is not counted later.
/// </summary>
/// <param name="shutdownToken">Afterwards nothing is written and everything in the queue is rejected: the program exits.</param>
internal sealed class ShardWriter(
    RedisConnectionManager connections, RedisKeys.Shard shard, Func<Site, int> shardOf, string node, FootfallOptions options,
    JournalMetrics metrics, ILogger logger, TimeProvider time, CancellationToken shutdownToken)
{
    /// <summary>
    /// The most hits of a batch, unless one submission has more. Redis does nothing else while it runs a script: about 20 milliseconds for
    /// this many.
    /// </summary>
    private const int MaxBatchHits = 5_000;

    /// <summary>The most bytes of details that may wait for a shard.</summary>
    private const long MaxQueueBytes = 64 << 20;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50), MinTimeout = TimeSpan.FromMilliseconds(250),
        ReplyGrace = TimeSpan.FromMilliseconds(500);

    internal static readonly RedisScript CommitScript = new("commit.lua");

    private readonly object _lock = new();
    private readonly CommitPolicy _policy = new();
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(options.Redis.TimeoutSeconds);
    private List<ShardPart> _pending = [];
    private TaskCompletionSource? _wakeSignal;
    private Task _running = Task.CompletedTask;
    private ShardBatch? _pooledBatch;
    private bool _active, _stopping;
    private int _queued;
    private long _queuedBytes, _batchNumber;

    public int Shard => shard.Number;

    public bool IsHealthy => _policy.IsHealthy;

    public int QueueLength => Volatile.Read(ref _queued);

    /// <summary>The current error; null while it works.</summary>
    public string? Fault { get; private set; }

    /// <returns><see cref="RejectReason.None"/> if it will be completed; otherwise the reason why it was not accepted.</returns>
    public RejectReason Enqueue(in ShardPart part)
    {
        lock (_lock)
        {
            if (GetRejectReason(part.Submission, part.Hits) is var reason and not RejectReason.None) return reason;
            _pending.Add(part with { QueuedAt = time.GetTimestamp() });
            _queued += part.Hits;
            _queuedBytes += part.Submission.Details.Length;
            _wakeSignal?.TrySetResult();
            if (_active) return RejectReason.None;
            _active = true;
            _running = Task.Run(RunAsync);
        }
        return RejectReason.None;
    }

    /// <summary>What <see cref="Enqueue"/> would return now.</summary>
    /// <param name="hits">The number of the submission's hits in this shard.</param>
    public RejectReason PeekRejectReason(Submission submission, int hits)
    {
        lock (_lock) return GetRejectReason(submission, hits);
    }

    /// <summary>Writes the queue; later submissions are rejected.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _stopping = true;
            _wakeSignal?.TrySetResult();
            return _running;
        }
    }

    /// <summary>A submission larger than the limit is accepted if the queue is empty: otherwise it never could be.</summary>
    private RejectReason GetRejectReason(Submission submission, int hits) =>
        _stopping || shutdownToken.IsCancellationRequested ? RejectReason.ShuttingDown
        : _queued > 0 && (_queued + hits > options.QueueLimit || _queuedBytes + submission.Details.Length > MaxQueueBytes)
            ? RejectReason.JournalFull
        : RejectReason.None;

    private async Task RunAsync()
    {
        var (batch, ended) = TakeBatch();
        var committing = batch is null ? null : CommitAsync(batch);
        while (committing is not null)
        {
            var result = await committing;
            var done = batch!;
            // Redis gets the next batch before the requests of this one complete: completing them takes this thread as long as a batch
            // takes Redis.
            (batch, ended) = TakeBatch();
            committing = batch is null ? null : CommitAsync(batch);
            foreach (var part in done.Parts) part.Complete(result);
            done.Clear();
            // An abandoned batch may still be in the connection's queue, with these buffers.
            if (result == RejectReason.None && !done.IsLarge) _pooledBatch = done;
            if (batch is not null || ended) continue;
            batch = await WaitWhileFailingAsync();
            committing = batch is null ? null : CommitAsync(batch);
        }
    }

    /// <returns>No batch if the queue is empty. Ended: the writer is no longer active, and the next submission starts it; otherwise the
    /// shard fails, and the writer must continue.</returns>
    private (ShardBatch? Batch, bool Ended) TakeBatch()
    {
        List<ShardPart>? overdue = null;
        try
        {
            lock (_lock)
            {
                overdue = TakeOverdue();
                if (_pending.Count == 0)
                {
                    _active = !_policy.IsHealthy && !_stopping;
                    return (null, !_active);
                }
                var batch = Interlocked.Exchange(ref _pooledBatch, null) ?? new ShardBatch(shard, shardOf);
                var (hits, taken) = (0, 0);
                foreach (var part in _pending)
                {
                    if (taken > 0 && hits + part.Hits > MaxBatchHits) break;
                    hits += part.Hits;
                    batch.Parts.Add(part);
                    taken++;
                }
                Remove(batch.Parts);
                return (batch, false);
            }
        }
        finally
        {
            // Never sent, so they are certainly not counted.
            foreach (var part in overdue ?? [])
                part.Complete(shutdownToken.IsCancellationRequested ? RejectReason.ShuttingDown : RejectReason.JournalUnavailable);
        }
    }

    /// <summary>Removes submissions that have waited the maximum time of a request, behind batches without a reply.</summary>
    private List<ShardPart>? TakeOverdue()
    {
        var count = 0;
        while (count < _pending.Count
            && (shutdownToken.IsCancellationRequested || time.GetElapsedTime(_pending[count].QueuedAt) >= _timeout)) count++;
        if (count == 0) return null;
        var overdue = _pending.GetRange(0, count);
        Remove(overdue);
        return overdue;
    }

    private void Remove(List<ShardPart> first)
    {
        foreach (var part in first)
        {
            _queued -= part.Hits;
            _queuedBytes -= part.Submission.Details.Length;
        }
        _pending.RemoveRange(0, first.Count);
    }

    /// <summary>While the shard fails, it is tested now and then without hits, to detect when it works again.</summary>
    /// <returns>The batch to send; null if the journal stops.</returns>
    private async Task<ShardBatch?> WaitWhileFailingAsync()
    {
        Task wake;
        lock (_lock)
        {
            _wakeSignal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_pending.Count > 0 || _stopping) _wakeSignal.SetResult();
            wake = _wakeSignal.Task;
        }
        await Task.WhenAny(wake, Task.Delay(_policy.ProbeDelay ?? TimeSpan.Zero, time));
        lock (_lock) _wakeSignal = null;
        var (batch, ended) = TakeBatch();
        return ended ? null : batch ?? new ShardBatch(shard, shardOf);
    }

    private async Task<RejectReason> CommitAsync(ShardBatch batch)
    {
        var start = time.GetTimestamp();
        try
        {
            // A request that waited behind an abandoned batch does not wait as long a second time, but a slow working shard always gets a
            // fair chance.
            var timeout = batch.IsEmpty ? MinTimeout : _timeout - time.GetElapsedTime(batch.Parts[0].QueuedAt, start);
            if (timeout < MinTimeout) timeout = MinTimeout;
            var values = batch.EncodeArguments(node, ++_batchNumber, connections.Clock.Now + (long)timeout.TotalMilliseconds);
            var result = await SendAsync(batch, values, start, timeout);
            if (result == RejectReason.None) RecordSuccess();
            return result;
        }
        catch (Exception error)
        {
            // A bug in a batch must not stop the only writer of its shard: it is logged, and the requests are rejected.
            logger.UnexpectedError(error);
            RecordFailure("A bug in the program; the log has the details.");
            return RejectReason.JournalUncertain;
        }
    }

    private async Task<RejectReason> SendAsync(ShardBatch batch, RedisValue[] values, long start, TimeSpan timeout)
    {
        var mayHaveExecuted = false;
        while (true)
        {
            if (shutdownToken.IsCancellationRequested) return mayHaveExecuted ? RejectReason.JournalUncertain : RejectReason.ShuttingDown;
            try
            {
                var timeLeft = timeout - time.GetElapsedTime(start);
                var route = options.Redis.MinReplicas > 0 ? connections.GetRoute(shard) : default;
                var reply = (RedisResult[])(await CommitScript.RunAsync(connections.Database, shard.MetaAndStream, values)
                    .WaitAsync(timeLeft + ReplyGrace, time, shutdownToken))!;
                var status = (string)reply[0]!;
                if (status is not ("done" or "again"))
                {
                    RecordFailure("Redis got a batch too late to count it.");
                    return RejectReason.JournalUnavailable;
                }
                // It is counted, whatever the replicas report.
                mayHaveExecuted = true;
                if (!await IsReplicatedAsync(route, start, timeout)) return RejectReason.JournalUncertain;
                var (accepted, duplicates, visits) = batch.ReadOutcomes((byte[])reply[1]!, (byte[])reply[2]!);
                if (!batch.IsEmpty) metrics.RecordCommit(accepted, duplicates, visits, time.GetElapsedTime(start).TotalSeconds);
                return RejectReason.None;
            }
            catch (OperationCanceledException)
            {
                return RejectReason.JournalUncertain;
            }
            catch (Exception error) when (RedisFault.IsRedisError(error))
            {
                mayHaveExecuted |= RedisFault.MayHaveExecuted(error);
                if (!RedisFault.IsTransient(error) || time.GetElapsedTime(start) + RetryDelay >= timeout)
                {
                    RecordFailure(RedisFault.Describe(error));
                    return mayHaveExecuted ? RejectReason.JournalUncertain : RejectReason.JournalUnavailable;
                }
            }
            await Task.Delay(RetryDelay, time, CancellationToken.None);
        }
    }

    private async Task<bool> IsReplicatedAsync(RedisConnectionManager.Route route, long start, TimeSpan timeout)
    {
        var wanted = options.Redis.MinReplicas;
        if (wanted == 0) return true;
        var timeLeft = timeout - time.GetElapsedTime(start);
        // The server itself ends the wait; a reply after the connection's own timeout would look like a connection failure.
        var limit = TimeSpan.FromMilliseconds(Math.Clamp(timeLeft.TotalMilliseconds, 100, 1_500));
        var confirmed = await connections.WaitForReplicasAsync(shard, route, wanted, limit).WaitAsync(shutdownToken);
        if (confirmed >= wanted) return true;
        RecordFailure($"{confirmed} replicas confirmed a batch, but Footfall__Redis__MinReplicas is {wanted}.");
        return false;
    }

    private void RecordSuccess()
    {
        if (!_policy.IsHealthy) logger.ShardRecovered(shard.Number);
        Fault = null;
        _policy.RecordSuccess();
    }

    private void RecordFailure(string reason)
    {
        if (_policy.IsHealthy) logger.ShardFailed(shard.Number, reason);
        Fault = reason;
        _policy.RecordFailure();
        metrics.RecordFailure();
    }
}
