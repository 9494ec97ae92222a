using Footfall.Common;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Writes one shard, a batch after the other: while Redis has one, requests gather for the next. No shard waits for another. A batch whose
/// answer does not come is sent again under the same number, so that it counts once; it has a deadline on Redis' own clock, so that one
/// that was given up is not counted later.
/// </summary>
/// <param name="shutdownToken">From then on nothing is written any more, and all that waits is refused: the program leaves.</param>
internal sealed class ShardWriter(
    RedisConnectionManager connections, RedisKeys.Shard shard, Func<Site, int> shardOf, string node, FootfallOptions options,
    JournalMetrics metrics, ILogger logger, TimeProvider time, CancellationToken shutdownToken)
{
    /// <summary>
    /// The most hits of a batch, unless one submission has more. Redis does nothing else while it runs a script: about 20 milliseconds for
    /// these.
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

    /// <summary>Why it fails; null while it does not.</summary>
    public string? Fault { get; private set; }

    /// <returns><see cref="RejectReason.None"/> if it will be completed; anything else if it was not taken.</returns>
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

    /// <summary>What <see cref="Enqueue"/> would say at the moment.</summary>
    /// <param name="hits">How many of the submission's are of this shard.</param>
    public RejectReason PeekRejectReason(Submission submission, int hits)
    {
        lock (_lock) return GetRejectReason(submission, hits);
    }

    /// <summary>Writes what waits; later submissions are refused.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            _stopping = true;
            _wakeSignal?.TrySetResult();
            return _running;
        }
    }

    /// <summary>A submission larger than the limit is taken when nothing else waits: otherwise it could never come in.</summary>
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
            // Redis gets the next batch before the requests of this one are answered: that takes this thread as long as a batch takes
            // Redis.
            (batch, ended) = TakeBatch();
            committing = batch is null ? null : CommitAsync(batch);
            foreach (var part in done.Parts) part.Complete(result);
            done.Clear();
            // What was given up may still stand in the connection's queue, with these buffers.
            if (result == RejectReason.None && !done.IsLarge) _pooledBatch = done;
            if (batch is not null || ended) continue;
            batch = await WaitWhileFailingAsync();
            committing = batch is null ? null : CommitAsync(batch);
        }
    }

    /// <returns>No batch where nothing waits. Ended: the writer is not active any more, and the next submission starts it; otherwise it
    /// fails, and must go on.</returns>
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
            // Never sent, so that it is certain that they are not counted.
            foreach (var part in overdue ?? [])
                part.Complete(shutdownToken.IsCancellationRequested ? RejectReason.ShuttingDown : RejectReason.JournalUnavailable);
        }
    }

    /// <summary>Takes out what has waited for as long as a request may, behind batches that Redis did not answer.</summary>
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

    /// <summary>While the shard fails it is tried without hits now and then, so that it is known when it works again.</summary>
    /// <returns>The batch to send; null where the journal stops.</returns>
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
            // A request that has waited behind a batch that was given up waits no second time as long; but a shard that is slow and works
            // always gets a fair moment.
            var timeout = batch.IsEmpty ? MinTimeout : _timeout - time.GetElapsedTime(batch.Parts[0].QueuedAt, start);
            if (timeout < MinTimeout) timeout = MinTimeout;
            var values = batch.EncodeArguments(node, ++_batchNumber, connections.Clock.Now + (long)timeout.TotalMilliseconds);
            var result = await SendAsync(batch, values, start, timeout);
            if (result == RejectReason.None) RecordSuccess();
            return result;
        }
        catch (Exception error)
        {
            // A defective batch must not end the only writer of its shard: it is said, and the requests are refused.
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
                // It is counted, whatever is said of replicas.
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
        // The server itself ends the wait; an answer that takes longer than the connection's own limit would look like a failure of it.
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
