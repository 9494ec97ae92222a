using Footfall.History;
using Footfall.Live;
using Footfall.Words;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Footfall.Journal;

/// <summary>
/// The journal on SQLite: one thread writes. While one commit runs requests gather, and the next commit takes them all.
/// </summary>
internal sealed class SqliteJournal : IJournal, IHitSource, IDisposable
{
    public const string FileName = "journal.db";

    /// <summary>The most hits of a commit, unless one submission has more: bounds the memory of a batch, and how long a request behind it waits.</summary>
    private const int LargestBatch = 20_000;

    /// <summary>The most bytes of details that may wait for a commit.</summary>
    private const long LargestQueue = 64 << 20;

    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(1);

    private readonly object _gate = new();
    private readonly SubmissionPool _pool = new();
    private readonly DataDirectoryLock _directory;
    private readonly SqliteStore _store;
    private readonly SqliteCommitter _committer;
    private readonly CommitPolicy _policy = new();
    private readonly ILive _live;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly int _limit;
    private readonly string _file;
    private readonly SqliteHitReader _reader;
    private readonly SiteScrub _scrub;
    private readonly JournalMark _mark;
    private readonly DeletedSites _deleted = new();
    private readonly Queue<Action> _work = [];
    private readonly Thread _writer;
    private List<Submission> _waiting = [];
    private int _queued;
    private long _queuedBytes;
    private bool _idle, _stopping, _unmarked;
    private volatile string? _behind;
    private long _forgot, _projected, _held = long.MaxValue;

    public SqliteJournal(IOptions<FootfallOptions> options, Sites sites, ILive live, JournalMetrics metrics, ILogger<SqliteJournal> logger, TimeProvider time)
    {
        (_live, _metrics, _logger, _time) = (live, metrics, logger, time);
        var settings = options.Value;
        _limit = settings.QueueLimit;
        _file = Path.Combine(settings.DataDirectory, FileName);
        _directory = DataDirectoryLock.Acquire(settings.DataDirectory);
        try
        {
            RestoredFiles.PutInPlace(settings.DataDirectory);
            _store = SqliteStore.Open(_file, settings.Durability == Durability.Fsync);
            var clock = new JournalClock(time);
            var decider = new Decider(Counters);
            _deleted.Load(_store);
            var (secret, lastUnkeyed) = _store.Query("SELECT bytes, unkeyed FROM secret")
                .Select(row => (row.GetFieldValue<byte[]>(0), row.GetInt64(1))).Single();
            var unkeyed = new UnkeyedHashes(time);
            KeyHasher = new KeyHasher(secret, unkeyed);
            var restore = new JournalRestore(_store, _file, decider, unkeyed, lastUnkeyed, sites, live, _deleted, logger);
            restore.Run(clock.Now, clock.Steady);
            logger.Restored(restore.Hits, decider.Keys.Count, restore.Counters);
            _committer = new SqliteCommitter(_store, decider, restore.SiteRows, clock);
            _scrub = new SiteScrub(_store, _committer, decider, restore.SiteRows, _deleted, sites, live);
            _forgot = time.GetTimestamp();
            _reader = new SqliteHitReader(_file, sites, _deleted);
            _mark = new JournalMark(settings.DataDirectory, _reader.Identity);
            // A process that was killed while it deleted a site has changed the counts, and not noted it.
            if (_mark.Check(_committer.Position, _deleted.All.Count > 0 ? null : Counters.Seal) is { } reason) Refuse(reason);
            else Mark(sync: true);
        }
        catch (Exception error)
        {
            _reader?.Dispose();
            _store?.Dispose();
            _mark?.Dispose();
            _directory.Dispose();
            if (!JournalRestore.IsDamage(error)) throw;
            throw new StartException($"The journal {Path.GetFullPath(_file)} is damaged ({error.Message.TrimEnd('.')}). "
                + "Restore a backup (footfall restore): docs/journal-behind.md.", error);
        }
        _writer = new Thread(Write) { Name = "Journal", IsBackground = true };
        _writer.Start();
    }

    public bool Ready => _policy.Healthy && !_stopping && _behind is null;

    /// <inheritdoc/>
    public string? Trouble => _behind;

    public int QueueLength => Volatile.Read(ref _queued);

    public VisitCounters Counters { get; } = new();

    /// <summary>With the secret of this journal.</summary>
    public KeyHasher KeyHasher { get; }

    /// <inheritdoc/>
    public ValueTask<SiteCounters?> CountersAsync(Site site) =>
        _behind is { } behind ? ValueTask.FromException<SiteCounters?>(new IOException(behind)) : new(Counters.Of(site));

    public Guid Identity => _reader.Identity;

    public long LastPosition => _committer.Position;

    public HitBatch? NextAfter(long position) => _reader.NextAfter(position);

    public HitBatch? Read(long after, int hits, HitReceiver receive) => _reader.Read(after, hits, receive);

    public void Projected(long position) => Volatile.Write(ref _projected, position);

    /// <inheritdoc/>
    public bool Refuse(string reason)
    {
        var sentence = JournalMark.Explain(reason);
        if (Interlocked.CompareExchange(ref _behind, sentence, null) is null) _logger.JournalBehind(sentence);
        return true;
    }

    /// <summary>Takes the journal as it is for the one to count in from now on.</summary>
    /// <exception cref="IOException">It could not be noted.</exception>
    public Task AcceptAsync() => RunAsync(() =>
    {
        _mark.Write(_committer.Position, Counters.Seal);
        _mark.Sync();
        _behind = null;
    });

    public IReadOnlyList<string> DeletedSites => _deleted.OfHistory;

    public void Deleted(string domain) => RunAsync(() => _scrub.HistoryIsDone(domain)).GetAwaiter().GetResult();

    /// <summary>The deletions that are not done: the domains, and the last positions that may have hits of them.</summary>
    public IReadOnlyList<(string Domain, long Position)> Deletions => _deleted.All;

    /// <summary>Deletes pieces of a site: for <see cref="RunAsync{T}"/>.</summary>
    public SiteScrub Scrub => _scrub;

    /// <summary>Keeps everything that the history does not have yet, until it is disposed: what a backup copies must fit together, however long it takes. One at a time.</summary>
    public IDisposable Hold()
    {
        Volatile.Write(ref _held, Volatile.Read(ref _projected));
        return new Holding(this);
    }

    /// <summary>Does work of others on the writer, between two commits: requests wait meanwhile.</summary>
    /// <exception cref="OperationCanceledException">The journal is stopping; nothing was done.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stopping) return Task.FromCanceled<T>(new CancellationToken(canceled: true));
            _work.Enqueue(() =>
            {
                try
                {
                    var result = work();
                    // It may have changed counts without a commit of hits.
                    Mark();
                    done.SetResult(result);
                }
                catch (Exception error)
                {
                    done.SetException(error);
                }
            });
            if (_idle) Monitor.Pulse(_gate);
        }
        return done.Task;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    public IReadOnlyList<ImportCheckpoint> Checkpoints(string source) => SqliteStore.ReadCheckpoints(_file, source);

    public IReadOnlySet<Guid> FindImported(IReadOnlyCollection<Guid> ids) => SqliteStore.FindImported(_file, ids);

    public Submission Rent(bool quick = false) => _pool.Rent(quick);

    public ValueTask<RejectReason> AppendAsync(Submission submission)
    {
        lock (_gate)
        {
            if (_stopping) return new(RejectReason.ShuttingDown);
            if (_behind is not null) return new(RejectReason.JournalUnavailable);
            // A submission larger than the limit is taken when nothing else waits: otherwise it could never come in.
            if (_queued > 0 && (_queued + submission.Count > _limit || _queuedBytes + submission.Details.Length > LargestQueue)) return new(RejectReason.JournalFull);
            _waiting.Add(submission);
            _queued += submission.Count;
            _queuedBytes += submission.Details.Length;
            if (_idle) Monitor.Pulse(_gate);
        }
        return submission.WaitAsync();
    }

    /// <summary>Commits what waits, then closes the store. Later submissions are refused.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
            Monitor.Pulse(_gate);
        }
        _writer.Join();
        _reader.Dispose();
        _store.Dispose();
        _mark.Dispose();
        _directory.Dispose();
    }

    private void Write()
    {
        List<Submission> batch = [];
        while (Take(ref batch, out var work))
        {
            if (batch.Count > 0) Commit(batch);
            else if (!_policy.Healthy) Attempt(_committer.Probe);
            work?.Invoke();
            if (!_policy.Healthy || _behind is not null) continue;
            if (_time.GetElapsedTime(_forgot) >= ForgetEvery)
            {
                _forgot = _time.GetTimestamp();
                _committer.Projected = Volatile.Read(ref _projected);
                _committer.Held = Volatile.Read(ref _held);
                Attempt(_committer.Forget);
            }
            // After each commit as many keys as many commits bring: the store must not grow for ever where there are more in a minute.
            else if (_committer.MoreToForget) Attempt(_committer.ForgetStored);
        }
    }

    /// <summary>Waits for submissions, and gives all of them, or as many as one commit may have, against an empty list.</summary>
    /// <param name="work">What is to be done after them; null for nothing.</param>
    /// <returns>False when the journal stops and nothing waits.</returns>
    private bool Take(ref List<Submission> batch, out Action? work)
    {
        batch.Clear();
        lock (_gate)
        {
            _idle = true;
            if (_waiting.Count == 0 && _work.Count == 0 && !_stopping) Monitor.Wait(_gate, _policy.ProbeAfter ?? ForgetEvery);
            _idle = false;
            var more = !_stopping || _waiting.Count > 0 || _work.Count > 0;
            _work.TryDequeue(out work);
            if (_queued <= LargestBatch)
            {
                (batch, _waiting) = (_waiting, batch);
                (_queued, _queuedBytes) = (0, 0);
                return more;
            }
            var hits = 0;
            foreach (var submission in _waiting)
            {
                if (hits > 0 && hits + submission.Count > LargestBatch) break;
                hits += submission.Count;
                _queuedBytes -= submission.Details.Length;
                batch.Add(submission);
            }
            _queued -= hits;
            _waiting.RemoveRange(0, batch.Count);
            return more;
        }
    }

    private void Commit(List<Submission> batch)
    {
        var start = _time.GetTimestamp();
        var result = Attempt(() => _committer.Commit(batch)) ? RejectReason.None : RejectReason.JournalUnavailable;
        if (result == RejectReason.None)
        {
            Mark();
            Tell(batch, _time.GetElapsedTime(start));
        }
        foreach (var submission in batch) submission.Complete(result);
    }

    /// <summary>Notes what the journal is now, unless it is not known whether that is right.</summary>
    /// <param name="unknown">Whether the counts are about to change.</param>
    private void Mark(bool sync = false)
    {
        if (_behind is not null) return;
        try
        {
            _mark.Write(_committer.Position, Counters.Seal);
            if (sync) _mark.Sync();
            _unmarked = false;
        }
        catch (IOException error)
        {
            // The hits are durable all the same; the next start knows less of them.
            if (!_unmarked) _logger.NotMarked(error.Message);
            _unmarked = true;
        }
    }

    /// <summary>Tells the live picture and the metrics of a commit, before its requests are answered and their submissions used again.</summary>
    private void Tell(List<Submission> batch, TimeSpan duration)
    {
        var (accepted, duplicates, visits) = (0, 0, 0);
        Exception? defect = null;
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
                _live.Fold(submission.Hits, submission.Outcomes, replayed: false, submission.Details);
            }
            catch (Exception error)
            {
                // The hits are durable: a defect behind the journal must not keep their requests from being answered, nor other hits from being shown.
                defect ??= error;
            }
        }
        _metrics.Committed(accepted, duplicates, visits, duration.TotalSeconds);
        if (defect is not null) _logger.TellingFailed(defect);
    }

    private bool Attempt(Action write)
    {
        try
        {
            write();
        }
        catch (SqliteException error)
        {
            if (_policy.Healthy) _logger.CommitFailed(error.Message, null);
            Failed();
            return false;
        }
        catch (Exception error)
        {
            // One defective commit must not end the only writer: it is said, and the requests are refused.
            _logger.WriterDefect(error);
            Failed();
            return false;
        }
        if (!_policy.Healthy) _logger.CommitRecovered();
        _policy.Succeeded();
        return true;
    }

    private void Failed()
    {
        _policy.Failed();
        _metrics.Failed();
    }

    private sealed class Holding(SqliteJournal journal) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref journal._held, long.MaxValue);
    }
}
