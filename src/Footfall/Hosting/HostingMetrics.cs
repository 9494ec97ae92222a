using Footfall.Common;
using Prometheus;

namespace Footfall.Hosting;

/// <summary>Metrics of requests rejected before they reached an endpoint.</summary>
internal sealed class HostingMetrics
{
    private readonly Counter _rejected;

    public HostingMetrics(IMetricFactory factory, CollectorRegistry registry, RequestLimits limits)
    {
        _rejected = factory.CreateCounter("footfall_requests_refused_total", "Requests that were rejected outside the endpoints, by "
            + "reason.", ["reason"]);
        _rejected.WithLabels(Rejections.Get(RejectReason.TooManyRequests).Code);
        var evictions = factory.CreateCounter("footfall_rate_limit_evictions_total", "Clients whose rate limit window was reset early "
            + "because the table was full.");
        registry.AddBeforeCollectCallback(() => evictions.IncTo(limits.Evictions));
    }

    /// <summary>Counts a rejection and returns the reason.</summary>
    public RejectReason Count(RejectReason reason)
    {
        _rejected.WithLabels(Rejections.Get(reason).Code).Inc();
        return reason;
    }
}
