using Footfall.Words;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Writes one shard, a batch after the other: while Redis has one, requests gather for the next. No shard waits for another. A batch whose answer does not come is sent again under
/// the same number, so that it counts once; it has a deadline on Redis' own clock, so that one that was given up is not counted later.
/// </summary>
/// <param name="end">From then on nothing is written any more, and all that waits is refused: the program leaves.</param>
internal sealed class ShardWriter(
    RedisLink link, RedisKeys.Shard shard, Func<Site, int> shardOf, string node, FootfallOptions options, JournalMetrics metrics, ILogger logger, TimeProvider time, CancellationToken end)
{
    /// <summary>The most hits of a batch, unless one submission has more. Redis does nothing else while it runs a script: about 20 milliseconds for these.</summary>
    private const int LargestBatch = 5_000;

    /// <summary>The most bytes of details that may wait for a shard.</summary>
    private const long LargestQueue = 64 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Shortest = TimeSpan.FromMilliseconds(250), Grace = TimeSpan.FromMilliseconds(500);

    internal static readonly RedisScript Script = new("commit.lua");

    private readonly object _gate = new();
    private readonly CommitPolicy _policy = new();
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.Redis.TimeoutSeconds);
    private List<ShardPart> _waiting = [];
    private TaskCompletionSource? _wake;
    private Task _running = Task.CompletedTask;
    private ShardBatch? _spare;
    private bool _active, _stopping;
    private int _queued;
    private long _queuedBytes, _number;

    public int Shard => shard.Number;

    public bool Healthy => _policy.Healthy;

    public int QueueLength => Volatile.Read(ref _queued);

    /// <summary>Why it fails; null while it does not.</summary>
    public string? Trouble { get; private set; }

    /// <returns><see cref="RejectReason.None"/> if it will be completed; anything else if it was not taken.</returns>
    public RejectReason Enqueue(in ShardPart part)
    {
        lock (_gate)
        {
            if (Refusal(part.Submission, part.Hits) is var refused and not RejectReason.None) return refused;
            _waiting.Add(part with { Since = time.GetTimestamp() });
            _queued += part.Hits;
            _queuedBytes += part.Submission.Details.Length;
            _wake?.TrySetResult();
            if (_active) return RejectReason.None;
            _active = true;
            _running = Task.Run(RunAsync);
        }
        return RejectReason.None;
    }

    /// <summary>What <see cref="Enqueue"/> would say at the moment.</summary>
    /// <param name="hits">How many of the submission's are of this shard.</param>
    public RejectReason WouldRefuse(Submission submission, int hits)
    {
        lock (_gate) return Refusal(submission, hits);
    }

    /// <summary>Writes what waits; later submissions are refused.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            _wake?.TrySetResult();
            return _running;
        }
    }

    /// <summary>A submission larger than the limit is taken when nothing else waits: otherwise it could never come in.</summary>
    private RejectReason Refusal(Submission submission, int hits) =>
        _stopping || end.IsCancellationRequested ? RejectReason.ShuttingDown
        : _queued > 0 && (_queued + hits > options.QueueLimit || _queuedBytes + submission.Details.Length > LargestQueue) ? RejectReason.JournalFull
        : RejectReason.None;

    private async Task RunAsync()
    {
        var (batch, ended) = Take();
        var committing = batch is null ? null : CommitAsync(batch);
        while (committing is not null)
        {
            var result = await committing;
            var done = batch!;
            // Redis gets the next batch before the requests of this one are answered: that takes this thread as long as a batch takes Redis.
            (batch, ended) = Take();
            committing = batch is null ? null : CommitAsync(batch);
            foreach (var part in done.Parts) part.Complete(result);
            done.Clear();
            // What was given up may still stand in the connection's queue, with these buffers.
            if (result == RejectReason.None && !done.IsLarge) _spare = done;
            if (batch is not null || ended) continue;
            batch = await WaitWhileFailingAsync();
            committing = batch is null ? null : CommitAsync(batch);
        }
    }

    /// <returns>No batch where nothing waits. Ended: the writer is not active any more, and the next submission starts it; otherwise it fails, and must go on.</returns>
    private (ShardBatch? Batch, bool Ended) Take()
    {
        List<ShardPart>? overdue = null;
        try
        {
            lock (_gate)
            {
                overdue = TakeOverdue();
                if (_waiting.Count == 0)
                {
                    _active = !_policy.Healthy && !_stopping;
                    return (null, !_active);
                }
                var batch = Interlocked.Exchange(ref _spare, null) ?? new ShardBatch(shard, shardOf);
                var (hits, taken) = (0, 0);
                foreach (var part in _waiting)
                {
                    if (taken > 0 && hits + part.Hits > LargestBatch) break;
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
            foreach (var part in overdue ?? []) part.Complete(end.IsCancellationRequested ? RejectReason.ShuttingDown : RejectReason.JournalUnavailable);
        }
    }

    /// <summary>Takes out what has waited for as long as a request may, behind batches that Redis did not answer.</summary>
    private List<ShardPart>? TakeOverdue()
    {
        var count = 0;
        while (count < _waiting.Count && (end.IsCancellationRequested || time.GetElapsedTime(_waiting[count].Since) >= _patience)) count++;
        if (count == 0) return null;
        var overdue = _waiting.GetRange(0, count);
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
        _waiting.RemoveRange(0, first.Count);
    }

    /// <summary>While the shard fails it is tried without hits now and then, so that it is known when it works again.</summary>
    /// <returns>The batch to send; null where the journal stops.</returns>
    private async Task<ShardBatch?> WaitWhileFailingAsync()
    {
        Task wake;
        lock (_gate)
        {
            _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_waiting.Count > 0 || _stopping) _wake.SetResult();
            wake = _wake.Task;
        }
        await Task.WhenAny(wake, Task.Delay(_policy.ProbeAfter ?? TimeSpan.Zero, time));
        lock (_gate) _wake = null;
        var (batch, ended) = Take();
        return ended ? null : batch ?? new ShardBatch(shard, shardOf);
    }

    private async Task<RejectReason> CommitAsync(ShardBatch batch)
    {
        var start = time.GetTimestamp();
        try
        {
            // A request that has waited behind a batch that was given up waits no second time as long; but a shard that is slow and works always gets a fair moment.
            var patience = batch.IsEmpty ? Shortest : _patience - time.GetElapsedTime(batch.Parts[0].Since, start);
            if (patience < Shortest) patience = Shortest;
            var values = batch.Encode(node, ++_number, link.Clock.Now + (long)patience.TotalMilliseconds);
            var result = await SendAsync(batch, values, start, patience);
            if (result == RejectReason.None) Succeeded();
            return result;
        }
        catch (Exception error)
        {
            // A defective batch must not end the only writer of its shard: it is said, and the requests are refused.
            logger.Defect(error);
            Failed("A defect of the program; it is in the log.");
            return RejectReason.JournalUncertain;
        }
    }

    private async Task<RejectReason> SendAsync(ShardBatch batch, RedisValue[] values, long start, TimeSpan patience)
    {
        var mayBeDone = false;
        while (true)
        {
            if (end.IsCancellationRequested) return mayBeDone ? RejectReason.JournalUncertain : RejectReason.ShuttingDown;
            try
            {
                var left = patience - time.GetElapsedTime(start);
                var way = options.Redis.MinReplicas > 0 ? link.WayTo(shard) : default;
                var answer = (RedisResult[])(await Script.RunAsync(link.Database, shard.MetaAndStream, values).WaitAsync(left + Grace, time, end))!;
                var kind = (string)answer[0]!;
                if (kind is not ("done" or "again"))
                {
                    Failed("Redis got a batch too late to count it.");
                    return RejectReason.JournalUnavailable;
                }
                // It is counted, whatever is said of replicas.
                mayBeDone = true;
                if (!await AreReplicatedAsync(way, start, patience)) return RejectReason.JournalUncertain;
                var (accepted, duplicates, visits) = batch.Decide((byte[])answer[1]!, (byte[])answer[2]!);
                if (!batch.IsEmpty) metrics.Committed(accepted, duplicates, visits, time.GetElapsedTime(start).TotalSeconds);
                return RejectReason.None;
            }
            catch (OperationCanceledException)
            {
                return RejectReason.JournalUncertain;
            }
            catch (Exception error) when (RedisTrouble.IsOfRedis(error))
            {
                mayBeDone |= RedisTrouble.MayBeDone(error);
                if (!RedisTrouble.Passes(error) || time.GetElapsedTime(start) + Pause >= patience)
                {
                    Failed(RedisTrouble.Sentence(error));
                    return mayBeDone ? RejectReason.JournalUncertain : RejectReason.JournalUnavailable;
                }
            }
            await Task.Delay(Pause, time, CancellationToken.None);
        }
    }

    private async Task<bool> AreReplicatedAsync(RedisLink.Way way, long start, TimeSpan patience)
    {
        var wanted = options.Redis.MinReplicas;
        if (wanted == 0) return true;
        var left = patience - time.GetElapsedTime(start);
        // The server itself ends the wait; an answer that takes longer than the connection's own limit would look like a failure of it.
        var limit = TimeSpan.FromMilliseconds(Math.Clamp(left.TotalMilliseconds, 100, 1_500));
        var have = await link.WaitForReplicasAsync(shard, way, wanted, limit).WaitAsync(end);
        if (have >= wanted) return true;
        Failed($"{have} replicas confirmed a batch, and Footfall__Redis__MinReplicas is {wanted}.");
        return false;
    }

    private void Succeeded()
    {
        if (!_policy.Healthy) logger.ShardRecovered(shard.Number);
        Trouble = null;
        _policy.Succeeded();
    }

    private void Failed(string reason)
    {
        if (_policy.Healthy) logger.ShardFailed(shard.Number, reason);
        Trouble = reason;
        _policy.Failed();
        metrics.Failed();
    }
}
