using System.Buffers;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>
/// The hits of some lines, and how far the import has come with them: kept until the journal has them, so that an append that failed
/// can be tried again.
/// </summary>
/// <typeparam name="TTally">What is counted of them.</typeparam>
internal sealed class ImportBatch<TTally> where TTally : IImportTally<TTally>, new()
{
    private readonly List<Hit> _hits = [], _seeds = [];

    public TTally Tally { get; } = new();

    public ArrayBufferWriter<byte> Details { get; } = new(1 << 16);

    /// <summary>Hits to store.</summary>
    public int Hits => _hits.Count;

    public int Lines { get; private set; }

    public ImportCheckpoint? Checkpoint { get; set; }

    /// <summary>Adds a hit that is in the journal already, and only tells which visit is open.</summary>
    public void AddSeed(in Hit hit) => _seeds.Add(hit);

    public void Add(in Hit hit) => _hits.Add(hit);

    /// <summary>What the hits are of, each by a number of its own, where it is known by that and not by the content: noted in the same commit.</summary>
    public List<Guid> Imported { get; } = [];

    public void CountLine() => Lines++;

    public void Fill(Submission submission)
    {
        foreach (var hit in _hits) submission.Add(hit);
        submission.DetailsWriter.Write(Details.WrittenSpan);
        submission.Seeds = _seeds;
        submission.Checkpoint = Checkpoint;
        submission.Imported = Imported;
    }

    /// <summary>Notes what the journal decided of the hits.</summary>
    public void Note(ReadOnlySpan<Outcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes) Tally.Note(outcome);
    }

    public void Clear()
    {
        _hits.Clear();
        _seeds.Clear();
        Imported.Clear();
        Details.ResetWrittenCount();
        Tally.Clear();
        (Lines, Checkpoint) = (0, null);
    }
}
