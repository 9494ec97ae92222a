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
    private Thread? _thread;
    private Projection? _projection;
    private Upkeep? _upkeep;
    private bool _failing;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.History.Enabled) return Task.CompletedTask;
        status.Starting();
        _thread = new Thread(Run) { Name = "History", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Ends after the step under way: what is not in the history yet is in the journal. The host's deadline is not looked at, since nothing may be closed under
    /// the thread that uses it.
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
    }

    private void Stop()
    {
        if (!_stopping.IsCancellationRequested) _stopping.Cancel();
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
            _stopping.Token.WaitHandle.WaitOne(pause);
        }
        Close();
    }

    /// <returns>Whether there is more to do at once.</returns>
    private bool Turn()
    {
        var projection = _projection ??= Open();
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
    }

    private void Close()
    {
        _projection?.Dispose();
        _projection = null;
        database.Close();
    }
}
