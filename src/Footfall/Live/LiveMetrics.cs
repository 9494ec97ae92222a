using Prometheus;

namespace Footfall.Live;

/// <summary>What an operator sees of the streams.</summary>
internal sealed class LiveMetrics(IMetricFactory metrics)
{
    private readonly Gauge _watchers = metrics.CreateGauge("footfall_live_watchers", "Open streams of live statistics.");
    private readonly Counter _messages = metrics.CreateCounter("footfall_live_messages_total", "Messages sent to watchers of live statistics.");
    private readonly Counter _dropped = metrics.CreateCounter("footfall_live_dropped_total", "Watchers given up because their connection took nothing.");

    /// <summary>Open streams.</summary>
    public double Watchers => _watchers.Value;

    /// <summary>Messages sent to all watchers until now.</summary>
    public double Messages => _messages.Value;

    /// <summary>Watchers given up until now.</summary>
    public double Dropped => _dropped.Value;

    public void WatcherJoined() => _watchers.Inc();

    public void WatcherLeft() => _watchers.Dec();

    public void MessageSent() => _messages.Inc();

    public void WatcherDropped() => _dropped.Inc();
}
