using Prometheus;

namespace Footfall.History;

/// <summary>What the history tells of itself.</summary>
internal sealed class HistoryMetrics
{
    private readonly Counter _hits, _failed, _beyondRetention, _closedDays, _limitedTexts;
    private readonly Gauge _lagSeconds, _lagCommits, _failing, _openDays;
    private readonly Histogram _duration;

    public HistoryMetrics(IMetricFactory factory, CollectorRegistry registry, HistoryStatus status)
    {
        _hits = factory.CreateCounter("footfall_history_hits_total", "Hits that the history took from the journal.");
        _failed = factory.CreateCounter("footfall_history_failures_total", "Tries to write the history that failed.");
        _beyondRetention = factory.CreateCounter("footfall_history_hits_beyond_retention_total", "Hits that were older than the history keeps, and left out.");
        _closedDays = factory.CreateCounter("footfall_history_days_closed_total", "Days added up, late hits included.");
        _limitedTexts = factory.CreateCounter("footfall_history_texts_limited_total", "Texts that are kept as (other): their site had brought as many new ones that day as it may.");
        _lagSeconds = factory.CreateGauge("footfall_history_lag_seconds", "Age of the oldest hit that is in the journal and not in the history; 0 where there is none.");
        _lagCommits = factory.CreateGauge("footfall_history_lag_commits", "Commits of the journal that are not in the history.");
        _failing = factory.CreateGauge("footfall_history_failing", "1 while the history can't be written, or a part of it can't be read; /healthz says why. Otherwise 0.");
        _openDays = factory.CreateGauge("footfall_history_days_open", "Days with hits that are in no rollup yet, and could be: their site's day is over.");
        _duration = factory.CreateHistogram("footfall_history_projection_duration_seconds", "Time of one step of the projection.",
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
