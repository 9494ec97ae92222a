using Footfall.Common;
using Prometheus;

namespace Footfall.Ingest;

/// <summary>Hits of bots, by the reason they were detected.</summary>
internal record struct BotCounts(int UserAgent, int ReferrerSpam)
{
    public void Add(BotReason reason)
    {
        if (reason == BotReason.UserAgent) UserAgent++;
        else if (reason == BotReason.ReferrerSpam) ReferrerSpam++;
    }
}

/// <summary>Rejected hits and hits that are not visits, by reason. With the journal's metrics, no hit is dropped silently.</summary>
internal sealed class IngestMetrics
{
    private readonly Counter.Child[] _rejected;
    private readonly Counter.Child _byUserAgent, _byReferrer;

    public IngestMetrics(IMetricFactory factory)
    {
        var rejected = factory.CreateCounter("footfall_hits_rejected_total", "Hits and requests that were rejected, by "
            + "reason.", new CounterConfiguration { LabelNames = ["reason"] });
        _rejected = [.. Enum.GetValues<RejectReason>()
            .Select(reason => reason == RejectReason.None ? null! : rejected.WithLabels(Rejections.Get(reason).Code))];
        var bots = factory.CreateCounter("footfall_bot_hits_total", "Hits from bots, by reason: stored, but not counted as "
            + "visits.", new CounterConfiguration { LabelNames = ["reason"] });
        (_byUserAgent, _byReferrer) = (bots.WithLabels("user_agent"), bots.WithLabels("referrer_spam"));
    }

    /// <summary>Counts bots whose hits were accepted.</summary>
    public void Count(BotCounts bots)
    {
        if (bots.UserAgent > 0) _byUserAgent.Inc(bots.UserAgent);
        if (bots.ReferrerSpam > 0) _byReferrer.Inc(bots.ReferrerSpam);
    }

    /// <summary>Counts a rejection, and returns its reason.</summary>
    /// <param name="hits">How many hits it rejected.</param>
    public RejectReason Count(RejectReason reason, int hits = 1)
    {
        _rejected[(int)reason].Inc(hits);
        return reason;
    }
}
