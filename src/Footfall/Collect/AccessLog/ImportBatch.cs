using System.Buffers;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>
/// The hits of some lines, and how far the import has come with them: kept until the journal has them, so that an append that failed
/// can be tried again.
/// </summary>
internal sealed class ImportBatch
{
    private readonly List<Hit> _hits = [], _seeds = [];

    public ImportTally Tally { get; } = new();

    public ArrayBufferWriter<byte> Details { get; } = new(1 << 16);

    /// <summary>Hits to store.</summary>
    public int Hits => _hits.Count;

    public int Lines { get; private set; }

    public ImportCheckpoint? Checkpoint { get; set; }

    /// <summary>Adds a hit that is in the journal already, and only tells which visit is open.</summary>
    public void AddSeed(in Hit hit) => _seeds.Add(hit);

    public void AddPage(in Hit hit)
    {
        _hits.Add(hit);
        Tally.Page(hit);
    }

    public void CountLine() => Lines++;

    public void Fill(Submission submission)
    {
        foreach (var hit in _hits) submission.Add(hit);
        submission.DetailsWriter.Write(Details.WrittenSpan);
        submission.Seeds = _seeds;
        submission.Checkpoint = Checkpoint;
    }

    /// <summary>Notes which hits opened a visit.</summary>
    public void Note(ReadOnlySpan<Outcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
            if (outcome.OpenedVisit) Tally.Visit(outcome.Country);
    }

    public void Clear()
    {
        _hits.Clear();
        _seeds.Clear();
        Details.ResetWrittenCount();
        Tally.Clear();
        (Lines, Checkpoint) = (0, null);
    }
}
