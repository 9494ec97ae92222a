using Footfall.Words;
using Prometheus;

namespace Footfall.Collect;

/// <summary>What was refused, by reason: together with the journal's figures nothing is dropped in silence.</summary>
internal sealed class CollectMetrics
{
    private readonly Counter.Child[] _rejected;

    public CollectMetrics(IMetricFactory factory)
    {
        var rejected = factory.CreateCounter("footfall_hits_rejected_total", "Hits and requests that were refused, by reason.", new CounterConfiguration { LabelNames = ["reason"] });
        _rejected = [.. Enum.GetValues<RejectReason>().Select(reason => reason == RejectReason.None ? null! : rejected.WithLabels(Rejections.Of(reason).Code))];
    }

    /// <summary>Counts a refusal, and gives the reason back.</summary>
    /// <param name="hits">How many hits were refused by it.</param>
    public RejectReason Count(RejectReason reason, int hits = 1)
    {
        _rejected[(int)reason].Inc(hits);
        return reason;
    }
}
