using DuckDB.NET.Data;
using Footfall.History.Store;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.History;

/// <summary>
/// Takes the journal into the history, on one thread of its own: about once a second, in large steps when it is behind. It never stands between a request
/// and its answer, and where the store fails it waits and tries again.
/// </summary>
internal sealed class Projector(
    HistoryDatabase database, IHitSource source, Sites sites, HistoryStatus status, HistoryMetrics metrics, TimeProvider time,
    IOptions<FootfallOptions> options, ILogger<Projector> log) : IHostedService, IDisposable
{
    /// <summary>The hits of a step: a few hundred milliseconds, and some 30 MB of rows.</summary>
    private const int StepHits = 100_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<Job> _jobs = [];
    private readonly object _gate = new();
    private Thread? _thread;
    private Projection? _projection;
    private Upkeep? _upkeep;
    private bool _failing, _joined;

    private sealed record Job(Action<Projection> Work, TaskCompletionSource Done);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.History.Enabled) return Task.CompletedTask;
        status.Starting();
        _thread = new Thread(Run) { Name = "History", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>Ends after the step under way: what is not in the history yet is in the journal.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_thread is null || _stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        lock (_gate) Monitor.PulseAll(_gate);
        await Task.Run(_thread.Join, CancellationToken.None);
    }

    public void Dispose()
    {
        // The host's deadline may have ended the wait of StopAsync: nothing is closed under the thread that uses it.
        if (!_joined) _stopping.Cancel();
        lock (_gate) Monitor.PulseAll(_gate);
        _thread?.Join();
        if (_joined) return;
        _joined = true;
        _stopping.Dispose();
        _projection?.Dispose();
    }

    /// <summary>Runs something that writes, between two steps.</summary>
    /// <exception cref="HistoryUnavailableException">The store takes nothing now.</exception>
    public Task RunAsync(Action<Projection> work)
    {
        var job = new Job(work, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return Task.FromException(new HistoryUnavailableException("The history is closed."));
            _jobs.Enqueue(job);
            Monitor.PulseAll(_gate);
        }
        return job.Done.Task;
    }

    private void Run()
    {
        var pause = Interval;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var behind = Turn();
                pause = Interval;
                if (behind) continue;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                Fail(error);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            lock (_gate)
            {
                if (_jobs.Count == 0 && !_stopping.IsCancellationRequested) Monitor.Wait(_gate, pause);
            }
        }
        Close();
        FailJobs(new HistoryUnavailableException("The history is closed."));
    }

    /// <returns>Whether there is more to do at once.</returns>
    private bool Turn()
    {
        var projection = _projection ??= Open();
        RunJobs(projection);
        var start = time.GetTimestamp();
        var hits = projection.Step(source, StepHits);
        source.Projected(projection.Position);
        if (hits > 0) metrics.Projected(hits, time.GetElapsedTime(start).TotalSeconds);
        if (projection.BeyondRetention > 0) metrics.BeyondRetention(projection.BeyondRetention);
        if (_failing) log.ProjectionRecovered(projection.Position);
        _failing = false;
        status.Running(projection.Position);
        _upkeep!.Touched(projection.LastDays);
        return hits >= StepHits || _upkeep.Turn(_stopping.Token);
    }

    private Projection Open()
    {
        database.Open();
        var projection = new Projection(database.Connect(), sites, options.Value.History.HitsDays, time);
        try
        {
            projection.Reconcile(source, log);
            _upkeep = new Upkeep(projection, sites, options.Value.History, metrics, time, log);
            return projection;
        }
        catch
        {
            projection.Dispose();
            throw;
        }
    }

    private void RunJobs(Projection projection)
    {
        while (TakeJob() is { } job)
        {
            try
            {
                job.Work(projection);
                job.Done.SetResult();
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                job.Done.SetException(error);
                projection.Load();
            }
        }
    }

    private Job? TakeJob()
    {
        lock (_gate) return _jobs.TryDequeue(out var job) ? job : null;
    }

    private void Fail(Exception error)
    {
        metrics.Failed();
        if (error is DuckDBException or IOException)
        {
            var reason = HistoryDatabase.FirstLine(error.Message);
            if (!_failing) log.ProjectionFailed(reason);
            status.Failing(reason);
        }
        else
        {
            // A defect must not end the history for good: it is said, and the next step may go.
            log.WriterDefect(error);
            status.Failing("A defect in the history's writer; it is in the log.");
        }
        _failing = true;
        // DuckDB takes nothing more after some failures until its file is opened anew.
        Close();
        FailJobs(new HistoryUnavailableException(error.Message, error));
    }

    private void Close()
    {
        _projection?.Dispose();
        _projection = null;
        database.Close();
    }

    private void FailJobs(Exception error)
    {
        while (TakeJob() is { } job) job.Done.SetException(error);
    }
}
