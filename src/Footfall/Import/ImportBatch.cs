using System.Buffers;
using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Import;

/// <summary>
/// The hits of some lines, and the progress of the import with them. Kept until the journal has them, so that a failed append
/// can be retried.
/// </summary>
/// <typeparam name="TTally">The counts of them.</typeparam>
internal sealed class ImportBatch<TTally> where TTally : IImportCounts<TTally>, new()
{
    private readonly List<Hit> _hits = [], _warmUpHits = [];

    public TTally Counts { get; } = new();

    public ArrayBufferWriter<byte> Details { get; } = new(1 << 16);

    /// <summary>Hits to store.</summary>
    public int HitCount => _hits.Count;

    public int LineCount { get; private set; }

    public ImportCheckpoint? Checkpoint { get; set; }

    /// <summary>Adds a hit that is already in the journal. It only identifies the open visit.</summary>
    public void AddWarmUp(in Hit hit) => _warmUpHits.Add(hit);

    public void Add(in Hit hit) => _hits.Add(hit);

    /// <summary>
    /// The ids of the imported orders, which the same commit records. Empty for an import that is identified by its content.
    /// </summary>
    public List<Guid> ImportedIds { get; } = [];

    public void CountLine() => LineCount++;

    public void CopyTo(Submission submission)
    {
        foreach (var hit in _hits) submission.Add(hit);
        submission.DetailsWriter.Write(Details.WrittenSpan);
        submission.WarmUpHits = _warmUpHits;
        submission.Checkpoint = Checkpoint;
        submission.ImportedIds = ImportedIds;
    }

    /// <summary>Records the journal's decisions on the hits.</summary>
    public void AddOutcomes(ReadOnlySpan<HitOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes) Counts.AddOutcome(outcome);
    }

    public void Clear()
    {
        _hits.Clear();
        _warmUpHits.Clear();
        ImportedIds.Clear();
        Details.ResetWrittenCount();
        Counts.Clear();
        (LineCount, Checkpoint) = (0, null);
    }
}
