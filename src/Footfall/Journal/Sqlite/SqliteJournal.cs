using Footfall.Common;
using Footfall.History;
using Footfall.Live;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Footfall.Journal.Sqlite;

/// <summary>
/// The journal on SQLite: one thread writes. While one commit runs requests gather, and the next commit takes them all.
/// </summary>
internal sealed class SqliteJournal : IJournal, IHitSource, IDisposable
{
    public const string FileName = "journal.db";

    /// <summary>
    /// The most hits of a commit, unless one submission has more: bounds the memory of a batch, and how long a request behind it waits.
    /// </summary>
    private const int MaxBatchHits = 20_000;

    /// <summary>The most bytes of details that may wait for a commit.</summary>
    private const long MaxQueueBytes = 64 << 20;

    private static readonly TimeSpan CleanupInterval = TimeSpan.FromMinutes(1);

    private readonly object _lock = new();
    private readonly SubmissionPool _pool = new();
    private readonly DataDirectoryLock _directory;
    private readonly SqliteStore _store;
    private readonly SqliteCommitter _committer;
    private readonly CommitPolicy _policy = new();
    private readonly ILiveState _live;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly int _limit;
    private readonly string _file;
    private readonly SqliteHitReader _reader;
    private readonly JournalSiteEraser _eraser;
    private readonly JournalMark _mark;
    private readonly DeletedSites _deleted = new();
    private readonly Queue<Action> _workItems = [];
    private readonly Thread _writer;
    private List<Submission> _pending = [];
    private int _queued;
    private long _queuedBytes;
    private bool _idle, _stopping, _markFailed;
    private volatile string? _fault;
    private long _lastCleanup, _projected, _backupPosition = long.MaxValue;

    public SqliteJournal(IOptions<FootfallOptions> options, SiteRegistry sites, ILiveState live, JournalMetrics metrics,
        ILogger<SqliteJournal> logger, TimeProvider time)
    {
        (_live, _metrics, _logger, _time) = (live, metrics, logger, time);
        var settings = options.Value;
        _limit = settings.QueueLimit;
        _file = Path.Combine(settings.DataDirectory, FileName);
        _directory = DataDirectoryLock.Acquire(settings.DataDirectory);
        try
        {
            RestoreStaging.Apply(settings.DataDirectory);
            _store = SqliteStore.Open(_file, settings.Durability == Durability.Fsync);
            var clock = new JournalClock(time);
            var decider = new HitDecider(Counters);
            _deleted.Load(_store);
            var (secret, lastUnkeyed) = _store.Query("SELECT bytes, unkeyed FROM secret")
                .Select(row => (row.GetFieldValue<byte[]>(0), row.GetInt64(1))).Single();
            var unkeyed = new UnkeyedHashes(time);
            KeyHasher = new KeyHasher(secret, unkeyed);
            var loader = new JournalLoader(_store, _file, decider, unkeyed, lastUnkeyed, sites, live, _deleted, logger);
            loader.Load(clock.Now, clock.MonotonicNow);
            logger.JournalLoaded(loader.HitCount, decider.Keys.Count, loader.CounterCount);
            _committer = new SqliteCommitter(_store, decider, loader.SiteRows, clock);
            _eraser = new JournalSiteEraser(_store, _committer, decider, loader.SiteRows, _deleted, sites, live);
            _lastCleanup = time.GetTimestamp();
            _reader = new SqliteHitReader(_file, sites, _deleted);
            _mark = new JournalMark(settings.DataDirectory, _reader.Identity);
            // A process that was killed while it deleted a site has changed the counts, and not noted it.
            if (_mark.Check(_committer.Position, _deleted.All.Count > 0 ? null : Counters.Checksum) is { } reason)
                ReportMissingHits(reason);
            else WriteMark(sync: true);
        }
        catch (Exception error)
        {
            _reader?.Dispose();
            _store?.Dispose();
            _mark?.Dispose();
            _directory.Dispose();
            if (!JournalLoader.IsCorruption(error)) throw;
            throw new StartupException($"The journal {Path.GetFullPath(_file)} is damaged ({error.Message.TrimEnd('.')}). "
                + "Restore a backup (footfall restore): docs/journal-behind.md.", error);
        }
        _writer = new Thread(RunWriter) { Name = "Journal", IsBackground = true };
        _writer.Start();
    }

    public bool IsReady => _policy.IsHealthy && !_stopping && _fault is null;

    /// <inheritdoc/>
    public string? Fault => _fault;

    public int QueueLength => Volatile.Read(ref _queued);

    public VisitCounters Counters { get; } = new();

    /// <summary>With the secret of this journal.</summary>
    public KeyHasher KeyHasher { get; }

    /// <inheritdoc/>
    public ValueTask<SiteCounters?> ReadCountersAsync(Site site) =>
        _fault is { } fault ? ValueTask.FromException<SiteCounters?>(new IOException(fault)) : new(Counters.Find(site));

    public Guid Identity => _reader.Identity;

    public long LastPosition => _committer.Position;

    public HitBatch? NextAfter(long position) => _reader.NextAfter(position);

    public HitBatch? Read(long after, int hits, HitHandler receive) => _reader.Read(after, hits, receive);

    public void MarkProjected(long position) => Volatile.Write(ref _projected, position);

    /// <inheritdoc/>
    public bool ReportMissingHits(string reason)
    {
        var message = JournalMark.Explain(reason);
        if (Interlocked.CompareExchange(ref _fault, message, null) is null) _logger.JournalBehind(message);
        return true;
    }

    /// <summary>Takes the journal as it is for the one to count in from now on.</summary>
    /// <exception cref="IOException">It could not be noted.</exception>
    public Task AcceptAsync() => RunAsync(() =>
    {
        _mark.Write(_committer.Position, Counters.Checksum);
        _mark.Sync();
        _fault = null;
    });

    public IReadOnlyList<string> DeletedSites => _deleted.PendingInHistory;

    public void MarkDeleted(string domain) => RunAsync(() => _eraser.MarkHistoryDone(domain)).GetAwaiter().GetResult();

    /// <summary>The deletions that are not done: the domains, and the last positions that may have hits of them.</summary>
    public IReadOnlyList<(string Domain, long Position)> Deletions => _deleted.All;

    /// <summary>Deletes parts of a site: for <see cref="RunAsync{T}"/>.</summary>
    public JournalSiteEraser Eraser => _eraser;

    /// <summary>
    /// Keeps everything that the history does not have yet, until it is disposed: what a backup copies must fit together, however long it
    /// takes. One at a time.
    /// </summary>
    public IDisposable LockForBackup()
    {
        Volatile.Write(ref _backupPosition, Volatile.Read(ref _projected));
        return new BackupPositionLock(this);
    }

    /// <summary>Does work of others on the writer, between two commits: requests wait meanwhile.</summary>
    /// <exception cref="OperationCanceledException">The journal is stopping; nothing was done.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_stopping) return Task.FromCanceled<T>(new CancellationToken(canceled: true));
            _workItems.Enqueue(() =>
            {
                try
                {
                    var result = work();
                    // It may have changed counts without a commit of hits.
                    WriteMark();
                    done.SetResult(result);
                }
                catch (Exception error)
                {
                    done.SetException(error);
                }
            });
            if (_idle) Monitor.Pulse(_lock);
        }
        return done.Task;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    public IReadOnlyList<ImportCheckpoint> ReadCheckpoints(string source) => SqliteStore.ReadCheckpoints(_file, source);

    public IReadOnlySet<Guid> FindImported(IReadOnlyCollection<Guid> ids) => SqliteStore.FindImported(_file, ids);

    public Submission Rent(bool inline = false) => _pool.Rent(inline);

    public ValueTask<RejectReason> AppendAsync(Submission submission)
    {
        lock (_lock)
        {
            if (_stopping) return new(RejectReason.ShuttingDown);
            if (_fault is not null) return new(RejectReason.JournalUnavailable);
            // A submission larger than the limit is taken when nothing else waits: otherwise it could never come in.
            if (_queued > 0 && (_queued + submission.Count > _limit || _queuedBytes + submission.Details.Length > MaxQueueBytes))
                return new(RejectReason.JournalFull);
            _pending.Add(submission);
            _queued += submission.Count;
            _queuedBytes += submission.Details.Length;
            if (_idle) Monitor.Pulse(_lock);
        }
        return submission.WaitAsync();
    }

    /// <summary>Commits what waits, then closes the store. Later submissions are rejected.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping) return;
            _stopping = true;
            Monitor.Pulse(_lock);
        }
        _writer.Join();
        _reader.Dispose();
        _store.Dispose();
        _mark.Dispose();
        _directory.Dispose();
    }

    private void RunWriter()
    {
        List<Submission> batch = [];
        while (TakeBatch(ref batch, out var work))
        {
            if (batch.Count > 0) Commit(batch);
            else if (!_policy.IsHealthy) TryRun(_committer.Probe);
            work?.Invoke();
            if (!_policy.IsHealthy || _fault is not null) continue;
            if (_time.GetElapsedTime(_lastCleanup) >= CleanupInterval)
            {
                _lastCleanup = _time.GetTimestamp();
                _committer.Projected = Volatile.Read(ref _projected);
                _committer.BackupPosition = Volatile.Read(ref _backupPosition);
                TryRun(_committer.CleanUp);
            }
            // After each commit, forgets as many keys as many commits bring: the store must not grow forever.
            else if (_committer.MoreToCleanUp) TryRun(_committer.CleanUpStored);
        }
    }

    /// <summary>Waits for submissions, and gives all of them, or as many as one commit may have, against an empty list.</summary>
    /// <param name="work">What is to be done after them; null for nothing.</param>
    /// <returns>False when the journal stops and nothing waits.</returns>
    private bool TakeBatch(ref List<Submission> batch, out Action? work)
    {
        batch.Clear();
        lock (_lock)
        {
            _idle = true;
            if (_pending.Count == 0 && _workItems.Count == 0 && !_stopping) Monitor.Wait(_lock, _policy.ProbeDelay ?? CleanupInterval);
            _idle = false;
            var more = !_stopping || _pending.Count > 0 || _workItems.Count > 0;
            _workItems.TryDequeue(out work);
            if (_queued <= MaxBatchHits)
            {
                (batch, _pending) = (_pending, batch);
                (_queued, _queuedBytes) = (0, 0);
                return more;
            }
            var hits = 0;
            foreach (var submission in _pending)
            {
                if (hits > 0 && hits + submission.Count > MaxBatchHits) break;
                hits += submission.Count;
                _queuedBytes -= submission.Details.Length;
                batch.Add(submission);
            }
            _queued -= hits;
            _pending.RemoveRange(0, batch.Count);
            return more;
        }
    }

    private void Commit(List<Submission> batch)
    {
        var start = _time.GetTimestamp();
        var result = TryRun(() => _committer.Commit(batch)) ? RejectReason.None : RejectReason.JournalUnavailable;
        if (result == RejectReason.None)
        {
            WriteMark();
            Publish(batch, _time.GetElapsedTime(start));
        }
        foreach (var submission in batch) submission.Complete(result);
    }

    /// <summary>Notes what the journal is now, unless it is not known whether that is right.</summary>
    /// <param name="sync">Whether the counts are about to change, so that it must be on disk.</param>
    private void WriteMark(bool sync = false)
    {
        if (_fault is not null) return;
        try
        {
            _mark.Write(_committer.Position, Counters.Checksum);
            if (sync) _mark.Sync();
            _markFailed = false;
        }
        catch (IOException error)
        {
            // The hits are durable all the same; the next start knows less of them.
            if (!_markFailed) _logger.MarkWriteFailed(error.Message);
            _markFailed = true;
        }
    }

    /// <summary>
    /// Reports a commit to the live state and the metrics, before its requests get responses and their submissions are reused.
    /// </summary>
    private void Publish(List<Submission> batch, TimeSpan duration)
    {
        var (accepted, duplicates, visits) = (0, 0, 0);
        Exception? failure = null;
        foreach (var submission in batch)
        {
            foreach (ref readonly var outcome in submission.Outcomes)
            {
                if (outcome.Duplicate) duplicates++;
                else accepted++;
                if (outcome.OpenedVisit) visits++;
            }
            try
            {
                _live.Apply(submission.Hits, submission.Outcomes, replayed: false, submission.Details);
            }
            catch (Exception error)
            {
                // The hits are durable: a defect after the journal must not block the responses to their requests, nor other hits from
                // being shown.
                failure ??= error;
            }
        }
        _metrics.RecordCommit(accepted, duplicates, visits, duration.TotalSeconds);
        if (failure is not null) _logger.LiveUpdateFailed(failure);
    }

    private bool TryRun(Action action)
    {
        try
        {
            action();
        }
        catch (SqliteException error)
        {
            if (_policy.IsHealthy) _logger.CommitFailed(error.Message, null);
            RecordFailure();
            return false;
        }
        catch (Exception error)
        {
            // One defective commit must not end the only writer: it is reported, and the requests are rejected.
            _logger.WriterDefect(error);
            RecordFailure();
            return false;
        }
        if (!_policy.IsHealthy) _logger.CommitRecovered();
        _policy.RecordSuccess();
        return true;
    }

    private void RecordFailure()
    {
        _policy.RecordFailure();
        _metrics.RecordFailure();
    }

    private sealed class BackupPositionLock(SqliteJournal journal) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref journal._backupPosition, long.MaxValue);
    }
}
