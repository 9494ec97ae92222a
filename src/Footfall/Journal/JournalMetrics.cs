using Prometheus;

namespace Footfall.Journal;

/// <summary>Metrics of the journal.</summary>
internal sealed class JournalMetrics(IMetricFactory factory)
{
    private readonly Counter _accepted = factory.CreateCounter("footfall_hits_accepted_total", "Hits made durable and counted.");
    private readonly Counter _duplicates = factory.CreateCounter("footfall_hits_duplicate_total", "Hits whose key was seen before: "
        + "confirmed, but not counted again.");
    private readonly Counter _visits = factory.CreateCounter("footfall_visits_total", "Visits started.");
    private readonly Counter _failed = factory.CreateCounter("footfall_commits_failed_total", "Commits that the store rejected; their "
        + "hits got a 503 response.");
    private readonly Gauge _queued = factory.CreateGauge("footfall_journal_queue_hits", "Hits waiting for a commit.");
    private readonly Histogram _duration = factory.CreateHistogram("footfall_commit_duration_seconds", "Duration of a commit, including "
        + "the wait for the disk.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0001, 2, 16) });
    private readonly Histogram _size = factory.CreateHistogram("footfall_commit_batch_hits", "Hits per commit.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(1, 4, 9) });

    /// <param name="seconds">The duration of the commit.</param>
    public void RecordCommit(int accepted, int duplicates, int visits, double seconds)
    {
        if (accepted > 0) _accepted.Inc(accepted);
        if (duplicates > 0) _duplicates.Inc(duplicates);
        if (visits > 0) _visits.Inc(visits);
        _size.Observe(accepted + duplicates);
        _duration.Observe(seconds);
    }

    public void RecordFailure() => _failed.Inc();

    public void SetQueueLength(int hits) => _queued.Set(hits);
}
