using Prometheus;

namespace Footfall.Journal.Redis;

/// <summary>Metrics of the journal on Redis, in addition to <see cref="JournalMetrics"/>.</summary>
internal sealed class RedisMetrics(IMetricFactory factory)
{
    private readonly Counter _unread = factory.CreateCounter("footfall_stream_unread_cut_total", "Batches removed from the Redis streams "
        + "before a history read them; that history lacks them.");
    private readonly Gauge _bytes =
        factory.CreateGauge("footfall_stream_bytes", "Memory of the streams in Redis, as of the last trimming by this node.");

    private readonly Counter _foreign = factory.CreateCounter(
        "footfall_stream_foreign_entries_total", "Stream entries that no node wrote, skipped by live or history.", ["reader"]);

    public void RecordForeignEntry(string reader) => _foreign.WithLabels(reader).Inc();

    public void RecordUnreadTrimmed(long entries) => _unread.Inc(entries);

    public void SetStreamBytes(long bytes) => _bytes.Set(bytes);
}
