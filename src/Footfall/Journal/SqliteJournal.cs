using Footfall.Live;
using Footfall.Words;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Footfall.Journal;

/// <summary>
/// The journal on SQLite: one thread writes. While one commit runs requests gather, and the next commit takes them all.
/// </summary>
internal sealed class SqliteJournal : IJournal, IDisposable
{
    public const string FileName = "journal.db";

    private static readonly TimeSpan ForgetEvery = TimeSpan.FromMinutes(1);

    private readonly object _gate = new();
    private readonly DefaultObjectPool<Submission> _pool;
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
    private readonly Thread _writer;
    private List<Submission> _waiting = [];
    private int _queued;
    private bool _idle, _stopping;
    private long _forgot;

    public SqliteJournal(IOptions<FootfallOptions> options, Sites sites, ILive live, JournalMetrics metrics, ILogger<SqliteJournal> logger, TimeProvider time)
    {
        (_live, _metrics, _logger, _time) = (live, metrics, logger, time);
        var settings = options.Value;
        _limit = settings.QueueLimit;
        _file = Path.Combine(settings.DataDirectory, FileName);
        _pool = new DefaultObjectPool<Submission>(new Pooling(this), 4096);
        _directory = DataDirectoryLock.Acquire(settings.DataDirectory);
        try
        {
            _store = SqliteStore.Open(_file, settings.Durability == Durability.Fsync);
            var clock = new JournalClock(time);
            var decider = new Decider(Counters);
            var restore = new JournalRestore(_store, decider, sites, live);
            restore.Run(clock.Now, clock.Steady);
            logger.Restored(restore.Hits, decider.Keys.Count, restore.Counters);
            _committer = new SqliteCommitter(_store, decider, restore.SiteRows, clock);
            _forgot = time.GetTimestamp();
        }
        catch
        {
            _store?.Dispose();
            _directory.Dispose();
            throw;
        }
        _writer = new Thread(Write) { Name = "Journal", IsBackground = true };
        _writer.Start();
    }

    public bool Ready => _policy.Healthy && !_stopping;

    public int QueueLength => Volatile.Read(ref _queued);

    public VisitCounters Counters { get; } = new();

    public IReadOnlyList<ImportCheckpoint> Checkpoints(string source) => SqliteStore.ReadCheckpoints(_file, source);

    public Submission Rent() => _pool.Get();

    public ValueTask<RejectReason> AppendAsync(Submission submission)
    {
        lock (_gate)
        {
            if (_stopping) return new(RejectReason.ShuttingDown);
            // A submission larger than the limit is taken when nothing else waits: otherwise it could never come in.
            if (_queued > 0 && _queued + submission.Count > _limit) return new(RejectReason.JournalFull);
            _waiting.Add(submission);
            _queued += submission.Count;
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
        _store.Dispose();
        _directory.Dispose();
    }

    private void Write()
    {
        List<Submission> batch = [];
        while (Take(ref batch))
        {
            if (batch.Count > 0) Commit(batch);
            else if (!_policy.Healthy) Attempt(_committer.Probe);
            if (_time.GetElapsedTime(_forgot) < ForgetEvery || !_policy.Healthy) continue;
            _forgot = _time.GetTimestamp();
            Attempt(_committer.Forget);
        }
    }

    /// <summary>Waits for submissions, and gives all of them against an empty list.</summary>
    /// <returns>False when the journal stops and nothing waits.</returns>
    private bool Take(ref List<Submission> batch)
    {
        lock (_gate)
        {
            batch.Clear();
            _idle = true;
            if (_waiting.Count == 0 && !_stopping) Monitor.Wait(_gate, _policy.ProbeAfter ?? ForgetEvery);
            _idle = false;
            (batch, _waiting) = (_waiting, batch);
            _queued = 0;
            return batch.Count > 0 || !_stopping;
        }
    }

    private void Commit(List<Submission> batch)
    {
        var start = _time.GetTimestamp();
        var succeeded = Attempt(() => _committer.Commit(batch));
        var elapsed = _time.GetElapsedTime(start).TotalSeconds;
        Completion.Run(batch, succeeded ? RejectReason.None : RejectReason.JournalUnavailable, _live, _metrics, elapsed);
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

    private sealed class Pooling(SqliteJournal journal) : IPooledObjectPolicy<Submission>
    {
        public Submission Create() => new(journal._pool.Return);

        public bool Return(Submission submission) => true;
    }
}
