using System.Collections.Concurrent;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Rollups;
using Footfall.History.Schema;
using Microsoft.Extensions.Options;

namespace Footfall.History.Projection;

/// <summary>
/// Copies the journal into the history on its own thread: about once a second, in large steps when it is behind. Requests never wait for
/// it, and if the store fails it waits and retries.
/// </summary>
internal sealed class Projector(
    HistoryDatabase database, IHitSource source, SiteRegistry sites, KeyHasher keys, HistoryStatus status, HistoryMetrics metrics,
    TimeProvider time, IOptions<FootfallOptions> options, ILogger<Projector> log) : IHostedService, IDisposable
{
    /// <summary>
    /// The hits of a step: a few hundred milliseconds and about 40 MB of rows. Two DuckDB row groups: complete groups are written in place,
    /// not to the write-ahead log first (https://duckdb.org/docs/stable/internals/storage). A hit takes 1.3 µs instead of 1.5 in steps of
    /// 100,000.
    /// </summary>
    private const int StepHits = 2 * 122_880;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), MaxPause = TimeSpan.FromSeconds(15),
        CompactRetryInterval = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<WorkItem> _workItems = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _journalCompared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _directLock = new();
    private readonly ClockSkewMonitor _clock = new(time);
    private volatile bool _ended;
    private Thread? _thread;
    private HistoryWriter? _projection;
    private Maintenance? _maintenance;
    private bool _failing, _loggedBeyondRetention, _loggedLimitedTexts, _journalBehind;
    private long? _compactFailedAt;

    /// <summary>
    /// Completes when the history is open or failed to open: no hit may be accepted before the journal is known to have everything that the
    /// history has.
    /// </summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.History.Enabled) return Task.CompletedTask;
        status.SetStarting();
        database.ExpectOpening();
        _thread = new Thread(Run) { Name = "History", IsBackground = true };
        _thread.Start();
        return _journalCompared.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Ends after the current step: the journal keeps what the history lacks. It ignores the host's deadline, since nothing may be closed
    /// while the thread uses it.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Stop();
        return _thread is null ? Task.CompletedTask : Task.Run(_thread.Join, CancellationToken.None);
    }

    public void Dispose()
    {
        Stop();
        _thread?.Join();
        _stopping.Dispose();
        _wake.Dispose();
    }

    /// <summary>
    /// Runs work of other components on the only writing connection, between two steps: nothing is projected meanwhile, and the projection
    /// reloads afterwards. If the projector does not run (disabled, or a command without the server), the history is opened for the work.
    /// </summary>
    /// <param name="work">Gets null if there is no history; must not keep its argument. Its exceptions are rethrown.</param>
    /// <param name="cancellationToken">Checked before the work starts.</param>
    /// <exception cref="HistoryUnavailableException">The history can't be opened.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, or the projector stops; nothing was done.</exception>
    public async Task RunExclusiveAsync(Action<HistoryWriter?> work, CancellationToken cancellationToken)
    {
        var workItem = new WorkItem(work, cancellationToken);
        if (_thread is null)
        {
            await Task.Run(() => RunWithoutThread(workItem), cancellationToken);
        }
        else
        {
            _workItems.Enqueue(workItem);
            if (_ended) CancelWork();
            else _wake.Set();
        }
        await workItem.Completion.Task;
    }

    private void Stop()
    {
        if (!_stopping.IsCancellationRequested) _stopping.Cancel();
    }

    private void Run()
    {
        // Opening the history starts the engine's threads here too.
        Niceness.Raise();
        var pause = Interval;
        while (!_stopping.IsCancellationRequested)
        {
            while (_workItems.TryDequeue(out var workItem)) RunWork(workItem);
            try
            {
                var behind = RunStep();
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
                pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
            }
            WaitHandle.WaitAny([_stopping.Token.WaitHandle, _wake], pause);
        }
        _ended = true;
        _journalCompared.TrySetResult();
        CancelWork();
        Close();
    }

    private void CancelWork()
    {
        while (_workItems.TryDequeue(out var workItem)) workItem.Completion.TrySetCanceled();
    }

    private void RunWithoutThread(WorkItem workItem)
    {
        lock (_directLock)
        {
            if (File.Exists(database.FilePath)) RunWork(workItem);
            else RunWork(workItem, () =>
            {
                workItem.Work(null);
                foreach (var domain in source.DeletedSites) source.MarkDeleted(domain);
            });
            Close();
        }
    }

    private void RunWork(WorkItem workItem) => RunWork(workItem, () =>
    {
        workItem.Work(_projection ??= Open());
        _projection.Dispose();
        _projection = null;
        _projection = Open();
    });

    private void RunWork(WorkItem workItem, Action work)
    {
        try
        {
            workItem.CancellationToken.ThrowIfCancellationRequested();
            work();
            workItem.Completion.SetResult();
        }
        catch (OperationCanceledException)
        {
            workItem.Completion.SetCanceled(CancellationToken.None);
        }
        catch (Exception error)
        {
            Close();
            workItem.Completion.SetException(error);
        }
    }

    /// <summary>Rewrites the file while the projection is closed. If that fails, everything continues without it.</summary>
    private void Compact()
    {
        var before = new FileInfo(database.FilePath).Length;
        try
        {
            _compactFailedAt = null;
            Compaction.Rewrite(database);
            log.Compacted(before >> 20, new FileInfo(database.FilePath).Length >> 20);
        }
        catch (Exception error) when (error is DuckDBException or IOException or UnauthorizedAccessException)
        {
            log.NotCompacted(HistoryFault.Describe(error.Message));
            _compactFailedAt = time.GetTimestamp();
        }
    }

    /// <returns>Whether there is more to do right away.</returns>
    private bool RunStep()
    {
        if (_projection is null) status.MeasureLag(status.Position);
        var projection = _projection ??= Open();
        var start = time.GetTimestamp();
        var hits = projection.ProjectNext(source, StepHits);
        if (source.DeletedSites.Count > 0)
        {
            // The step has reached the deletion of a site: it runs before the next step, which may have new hits of that site.
            projection.Dispose();
            _projection = null;
            projection = _projection = Open();
        }
        source.MarkProjected(projection.Position);
        if (hits > 0) metrics.Projected(hits, time.GetElapsedTime(start).TotalSeconds);
        if (projection.BeyondRetention > 0)
        {
            metrics.BeyondRetention(projection.BeyondRetention);
            if (!_loggedBeyondRetention) log.BeyondRetention(projection.BeyondRetention, options.Value.History.GetRetentionDays());
            _loggedBeyondRetention = true;
        }
        if (hits > 0 && projection.LimitedTexts > 0)
        {
            metrics.TextsLimited(projection.LimitedTexts);
            if (!_loggedLimitedTexts) log.TextsLimited(options.Value.History.NewTextsPerDay);
            _loggedLimitedTexts = true;
        }
        if (_failing) log.ProjectionRecovered(projection.Position);
        _failing = false;
        _maintenance!.MarkTouched(projection.LastDays);
        status.SetReady(projection.Position);
        if (hits >= StepHits || _maintenance.RunNext(_stopping.Token)) return true;
        var compact = _compactFailedAt is { } last && time.GetElapsedTime(last) >= CompactRetryInterval;
        if (_maintenance.Removed == RemovedShare.None && !compact) return false;
        compact = compact || _maintenance.Removed == RemovedShare.Most || Compaction.IsWorthwhile(projection.Connection);
        projection.Dispose();
        _projection = null;
        if (compact) Compact();
        return true;
    }

    private HistoryWriter Open()
    {
        try
        {
            database.Open(keys);
            using var connection = database.Connect();
            if (HistoryProgress.CheckJournal(connection, source) is { } reason && source.ReportMissingHits(reason))
            {
                _journalBehind = true;
                throw new HistoryUnavailableException(reason);
            }
        }
        finally
        {
            _journalCompared.TrySetResult();
        }
        DeleteSites();
        var projection = new HistoryWriter(database.Connect(), sites, keys, options.Value.History, time);
        try
        {
            projection.Reconcile(source, log);
            // Includes today until it is known which days are over.
            metrics.DaysOpen(projection.OpenDays.Count);
            status.ClearReadError();
            _maintenance = new Maintenance(projection, sites, options.Value.History, metrics, _clock, time, log);
            return projection;
        }
        catch
        {
            projection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Deletes the sites that the journal has marked for deletion, now or before a crash. All their data is old, since no step ran
    /// meanwhile, and no step runs until the deletion is recorded as done, since later hits are new and stay.
    /// </summary>
    private void DeleteSites()
    {
        if (source.DeletedSites is not { Count: > 0 } domains) return;
        using (var connection = database.Connect())
            foreach (var domain in domains) log.SiteDeleted(domain, HistorySiteEraser.Erase(connection, domain));
        Compact();
        foreach (var domain in domains) source.MarkDeleted(domain);
    }

    private void Fail(Exception error)
    {
        metrics.Failed();
        if (error is DuckDBException or IOException)
        {
            var reason = error is DuckDBException ? HistoryFault.Explain(error.Message, database.FilePath)
                : HistoryFault.Describe(error.Message);
            // If the journal lacks hits, the journal reports it.
            if (!_failing && !_journalBehind) log.ProjectionFailed(reason);
            status.SetFailing(reason);
        }
        else
        {
            // A bug must not stop the history forever: it is logged, and the next step may succeed.
            log.WriterDefect(error);
            status.SetFailing("The history writer failed because of a bug; the log has the details.");
        }
        _failing = true;
        // After some failures DuckDB accepts nothing until its file is opened again.
        Close();
    }

    private void Close()
    {
        _projection?.Dispose();
        _projection = null;
        database.Close();
    }

    private sealed record WorkItem(Action<HistoryWriter?> Work, CancellationToken CancellationToken)
    {
        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
