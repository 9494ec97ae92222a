using Prometheus;

namespace Footfall.History;

/// <summary>Metrics of the history.</summary>
internal sealed class HistoryMetrics
{
    private readonly Counter _hits, _failed, _beyondRetention, _closedDays, _limitedTexts;
    private readonly Gauge _lagSeconds, _lagCommits, _failing, _openDays;
    private readonly Histogram _duration;

    public HistoryMetrics(IMetricFactory factory, CollectorRegistry registry, HistoryStatus status)
    {
        _hits = factory.CreateCounter("footfall_history_hits_total", "Hits that the history read from the journal.");
        _failed = factory.CreateCounter("footfall_history_failures_total", "Failed attempts to write the history.");
        _beyondRetention =
            factory.CreateCounter("footfall_history_hits_beyond_retention_total", "Hits left out because they were older than the "
            + "retention of the history.");
        _closedDays = factory.CreateCounter("footfall_history_days_closed_total",
            "Days rolled up, including those rolled up again after late "
            + "hits.");
        _limitedTexts =
            factory.CreateCounter("footfall_history_texts_limited_total", "Texts stored as (other) because their site reached its "
            + "daily limit of new texts.");
        _lagSeconds = factory.CreateGauge("footfall_history_lag_seconds", "Age of the oldest hit that is in the journal but not yet in the "
            + "history; 0 if there is none.");
        _lagCommits = factory.CreateGauge("footfall_history_lag_commits", "Journal commits that are not yet in the history.");
        _failing = factory.CreateGauge("footfall_history_failing", "1 while the history can't be written or part of it can't be read "
            + "(/healthz says why); otherwise 0.");
        _openDays = factory.CreateGauge("footfall_history_days_open", "Days that are over, but not yet rolled up.");
        _duration = factory.CreateHistogram("footfall_history_projection_duration_seconds", "Duration of one projection step.",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) });
        registry.AddBeforeCollectCallback(() =>
        {
            var health = status.GetHealth();
            _lagSeconds.Set(health.LagSeconds);
            _lagCommits.Set(health.LagCommits);
            _failing.Set(health.Error is null ? 0 : 1);
        });
    }

    public void Projected(int hits, double seconds)
    {
        _hits.Inc(hits);
        _duration.Observe(seconds);
    }

    public void Failed() => _failed.Inc();

    public void BeyondRetention(int hits) => _beyondRetention.Inc(hits);

    public void TextsLimited(int texts) => _limitedTexts.Inc(texts);

    public void DayClosed() => _closedDays.Inc();

    public void DaysOpen(int days) => _openDays.Set(days);
}
