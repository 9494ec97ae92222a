using System.Buffers;
using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Import;

/// <summary>
/// The hits of some lines, and how far the import has come with them: kept until the journal has them, so that an append that failed
/// can be tried again.
/// </summary>
/// <typeparam name="TTally">What is counted of them.</typeparam>
internal sealed class ImportBatch<TTally> where TTally : IImportCounts<TTally>, new()
{
    private readonly List<Hit> _hits = [], _warmUpHits = [];

    public TTally Counts { get; } = new();

    public ArrayBufferWriter<byte> Details { get; } = new(1 << 16);

    /// <summary>Hits to store.</summary>
    public int HitCount => _hits.Count;

    public int LineCount { get; private set; }

    public ImportCheckpoint? Checkpoint { get; set; }

    /// <summary>Adds a hit that is in the journal already, and only tells which visit is open.</summary>
    public void AddWarmUp(in Hit hit) => _warmUpHits.Add(hit);

    public void Add(in Hit hit) => _hits.Add(hit);

    /// <summary>
    /// What the hits are of, each by a number of its own, where it is known by that and not by the content: noted in the same commit.
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

    /// <summary>Notes what the journal decided of the hits.</summary>
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
