using Footfall.Words;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Footfall.Journal;

/// <summary>
/// The journal on SQLite. One thread writes; while one commit runs requests gather, and the next commit takes them all.
/// </summary>
internal sealed class SqliteJournal : IJournal, IDisposable
{
    private readonly object _wake = new();
    private readonly DefaultObjectPool<Submission> _pool;
    private readonly Thread _writer;
    private readonly SqliteStore _store;
    private readonly SqliteCommitter _committer;
    private List<Submission> _waiting = [];
    private int _queued;
    private bool _idle, _stopping;

    public SqliteJournal(IOptions<FootfallOptions> options, TimeProvider time)
    {
        var settings = options.Value;
        var directory = settings.DataDirectory;
        Directory.CreateDirectory(directory);
        var fsync = settings.Durability == Durability.Fsync;
        Counters = new VisitCounters();
        _pool = new DefaultObjectPool<Submission>(new Policy(this), 4096);
        _store = new SqliteStore(Path.Combine(directory, "journal.db"), fsync);
        _committer = new SqliteCommitter(_store, new Decider(Counters), time) { Position = _store.Scalar("SELECT max(position) FROM batches", 0L) };
        _writer = new Thread(Write) { Name = "Journal", IsBackground = true };
        _writer.Start();
    }

    public bool Ready { get; private set; } = true;

    public int QueueLength => _queued;

    public VisitCounters Counters { get; }

    public Submission Rent() => _pool.Get();

    public ValueTask<RejectReason> AppendAsync(Submission submission)
    {
        lock (_wake)
        {
            if (_stopping) return new(RejectReason.ShuttingDown);
            if (_queued > 200_000) return new(RejectReason.JournalFull);
            _waiting.Add(submission);
            _queued += submission.Count;
            if (_idle) Monitor.Pulse(_wake);
        }
        return submission.WaitAsync();
    }

    private void Write()
    {
        var spare = new List<Submission>();
        while (true)
        {
            List<Submission> batch;
            lock (_wake)
            {
                _idle = true;
                while (_waiting.Count == 0 && !_stopping) Monitor.Wait(_wake);
                _idle = false;
                if (_waiting.Count == 0) return;
                batch = _waiting;
                _waiting = spare;
                _queued = 0;
            }
            var result = RejectReason.None;
            try
            {
                _committer.Commit(batch);
            }
            catch (SqliteException)
            {
                result = RejectReason.JournalUnavailable;
            }
            Ready = result == RejectReason.None;
            var list = batch.ToArray();
            batch.Clear();
            spare = batch;
            ThreadPool.UnsafeQueueUserWorkItem(static state => { foreach (var s in state.list) s.Complete(state.result); }, (list, result), false);
        }
    }

    public void Dispose()
    {
        lock (_wake)
        {
            _stopping = true;
            Monitor.Pulse(_wake);
        }
        _writer.Join();
        _store.Dispose();
    }

    private sealed class Policy(SqliteJournal journal) : IPooledObjectPolicy<Submission>
    {
        public Submission Create() => new(journal._pool.Return);

        public bool Return(Submission submission) => true;
    }
}
