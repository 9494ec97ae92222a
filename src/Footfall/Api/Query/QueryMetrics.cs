using Prometheus;

namespace Footfall.Api.Query;

/// <summary>What an operator sees of the questions.</summary>
internal sealed class QueryMetrics(IMetricFactory factory, TimeProvider time)
{
    /// <summary>The outcome of a query that was answered, and of one whose client went away; the others are codes of errors.</summary>
    public const string Answered = "OK", Abandoned = "ABANDONED";

    private readonly Counter _queries = factory.CreateCounter(
        "footfall_queries_total", "Queries, by what became of them: OK, ABANDONED by the client, or the code of the error.",
        new CounterConfiguration { LabelNames = ["outcome"] });
    private readonly Counter _exportsCut = factory.CreateCounter(
        "footfall_exports_cut_total", "Exports that were ended because their client took them too slowly.");
    private readonly Gauge _running = factory.CreateGauge("footfall_queries_running", "Queries that the history answers now.");
    private readonly Gauge _waiting = factory.CreateGauge("footfall_queries_waiting", "Queries that wait for their turn.");
    private readonly Histogram _duration = factory.CreateHistogram("footfall_query_duration_seconds", "Time of a query without the wait for its turn.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) });

    public void Count(string outcome) => _queries.WithLabels(outcome).Inc();

    public void ExportCut() => _exportsCut.Inc();

    /// <summary>Counts a query that waits until the result is disposed of.</summary>
    public IDisposable TrackWaiting() => _waiting.TrackInProgress();

    /// <summary>Counts and times a query that runs until the result is disposed of.</summary>
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
