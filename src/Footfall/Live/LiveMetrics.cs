using Prometheus;

namespace Footfall.Live;

/// <summary>Metrics of the live streams.</summary>
internal sealed class LiveMetrics(IMetricFactory metrics)
{
    private readonly Gauge _subscribers = metrics.CreateGauge("footfall_live_watchers", "Open live statistics streams.");
    private readonly Counter _messages = metrics.CreateCounter("footfall_live_messages_total", "Messages sent on live statistics streams.");
    private readonly Counter _dropped = metrics.CreateCounter("footfall_live_dropped_total", "Live statistics streams closed because the "
        + "client read nothing.");

    /// <summary>Open streams.</summary>
    public double Subscribers => _subscribers.Value;

    /// <summary>Messages sent to all subscribers so far.</summary>
    public double Messages => _messages.Value;

    /// <summary>Subscribers dropped so far.</summary>
    public double Dropped => _dropped.Value;

    public void AddSubscriber() => _subscribers.Inc();

    public void RemoveSubscriber() => _subscribers.Dec();

    public void RecordMessage() => _messages.Inc();

    public void RecordDropped() => _dropped.Inc();
}
