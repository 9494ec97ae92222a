using System.Buffers;
using Footfall.Common;
using Footfall.History;
using Footfall.Journal;

namespace Footfall.Tests.History;

/// <summary>A journal in memory, which a history reads. Visits are decided as the real one does.</summary>
internal sealed class FakeJournal : IHitSource
{
    private readonly Lock _lock = new();
    private readonly List<(HitBatch Batch, List<(TestHit Hit, bool Opened)> Hits)> _batches = [];
    private OpenVisits _open = new();

    public Guid Identity { get; set; } = Guid.NewGuid();

    /// <summary>Thrown by every read; null for none.</summary>
    public Exception? Fault { get; set; }

    /// <summary>The last position that the history reported as durable.</summary>
    public long ProjectedPosition { get; private set; }

    public long LastPosition
    {
        get
        {
            lock (_lock) return _batches.Count == 0 ? 0 : _batches[^1].Batch.Position;
        }
    }

    /// <summary>Commits hits.</summary>
    /// <param name="at">When, in Unix milliseconds; null for the time of the last hit.</param>
    public void Commit(long? at, params IEnumerable<TestHit> hits)
    {
        lock (_lock)
        {
            var list = hits.ToList();
            var now = at ?? list[^1].Time;
            _batches.Add((new HitBatch(LastPosition + 1, now),
                [.. list.Select(hit =>
                    (hit, hit.Bot == BotReason.None && (hit.Visitor == 0 || _open.Touch(hit.Site, hit.Visitor, hit.Time, now))))]));
            _open.Commit();
        }
    }

    /// <summary>Starts a new, empty journal.</summary>
    public void Clear()
    {
        lock (_lock) (_open, ProjectedPosition) = (new OpenVisits(), 0);
        Trim(long.MaxValue);
    }

    /// <summary>Drops the oldest commits, as the real one does an hour later.</summary>
    public void Trim(long until)
    {
        lock (_lock) _batches.RemoveAll(each => each.Batch.Position <= until);
    }

    public HitBatch? NextAfter(long position)
    {
        lock (_lock) return _batches.Where(each => each.Batch.Position > position).Select(each => (HitBatch?)each.Batch).FirstOrDefault();
    }

    public HitBatch? Read(long after, int hits, HitHandler receive)
    {
        if (Fault is { } fault) throw fault;
        List<(HitBatch Batch, List<(TestHit Hit, bool Opened)> Hits)> batches;
        lock (_lock) batches = [.. _batches.Where(each => each.Batch.Position > after)];
        HitBatch? last = null;
        foreach (var (batch, made) in batches)
        {
            if (hits <= 0) break;
            foreach (var (hit, opened) in made)
            {
                var details = new ArrayBufferWriter<byte>();
                var written = hit.Write(details);
                receive(batch, written, opened, details.WrittenMemory);
            }
            hits -= made.Count;
            last = batch;
        }
        return last;
    }

    public void MarkProjected(long position) => ProjectedPosition = position;

    public IReadOnlyList<string> DeletedSites => [];

    public void MarkDeleted(string domain) => throw new InvalidOperationException($"{domain} was not to be deleted.");
}
