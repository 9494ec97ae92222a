using Prometheus;

namespace Footfall.Api.Query;

/// <summary>Metrics of the queries.</summary>
internal sealed class QueryMetrics(IMetricFactory factory, TimeProvider time)
{
    /// <summary>The outcomes of a completed query and of one whose client disconnected; the others are error codes.</summary>
    public const string Answered = "OK", Abandoned = "ABANDONED";

    private readonly Counter _queries = factory.CreateCounter(
        "footfall_queries_total", "Queries by result: OK, ABANDONED (by the client), or the error code.",
        new CounterConfiguration { LabelNames = ["outcome"] });
    private readonly Counter _exportsCut = factory.CreateCounter(
        "footfall_exports_cut_total", "Exports canceled because their client read too slowly.");
    private readonly Gauge _running = factory.CreateGauge("footfall_queries_running", "Queries that are running now.");
    private readonly Gauge _waiting = factory.CreateGauge("footfall_queries_waiting", "Queries that are waiting to run.");
    private readonly Histogram _duration = factory.CreateHistogram("footfall_query_duration_seconds", "Duration of a query, without the "
        + "time it waited to run.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) });

    public void Count(string outcome) => _queries.WithLabels(outcome).Inc();

    public void ExportCut() => _exportsCut.Inc();

    /// <summary>Counts a waiting query until the result is disposed.</summary>
    public IDisposable TrackWaiting() => _waiting.TrackInProgress();

    /// <summary>Counts and times a running query until the result is disposed.</summary>
    public IDisposable TrackRunning() => new Running(this, time, time.GetTimestamp());

    private sealed class Running : IDisposable
    {
        private readonly QueryMetrics _metrics;
        private readonly TimeProvider _time;
        private readonly long _begun;

        public Running(QueryMetrics metrics, TimeProvider time, long begun)
        {
            (_metrics, _time, _begun) = (metrics, time, begun);
            _metrics._running.Inc();
        }

        public void Dispose()
        {
            _metrics._running.Dec();
            _metrics._duration.Observe(_time.GetElapsedTime(_begun).TotalSeconds);
        }
    }
}
