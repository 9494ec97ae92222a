using Footfall.Benchmarks;

namespace Footfall.Tests.EndToEnd;

/// <summary>
/// Bytes, not time: the allocations of each part of the hit path are in <see cref="HotPieces.AllocatedBytes"/>.
/// </summary>
public sealed class AllocationTests : IDisposable
{
    private readonly HotPieces _pieces = new();

    public void Dispose() => _pieces.Dispose();

    public static TheoryData<string> Names => [.. HotPieces.AllocatedBytes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_part_allocates_no_more_than_is_written_down(string name)
    {
        var (piece, hits) = Piece(name);
        // Tables grow and code is compiled in the first rounds; what matters is what stays: the least of many.
        var least = double.MaxValue;
        for (var round = 0; round < 30; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) piece();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (10.0 * hits));
        }
        Assert.True(least <= HotPieces.AllocatedBytes[name],
            $"{name} allocates {least:0.0} bytes a hit; {HotPieces.AllocatedBytes[name]} are written down.");
    }

    private (Action Piece, int Hits) Piece(string name) => name switch
    {
        nameof(HotPieces.ReadVisit) => (_pieces.ReadVisit, 1),
        nameof(HotPieces.TakeFromLimit) => (_pieces.TakeFromLimit, 1),
        nameof(HotPieces.DescribeSender) => (_pieces.DescribeSender, 1),
        nameof(HotPieces.ReadPageView) => (_pieces.ReadPageView, 1),
        nameof(HotPieces.ReadPurchase) => (_pieces.ReadPurchase, 1),
        nameof(HotPieces.CommitVisits) => (_pieces.CommitVisits, HotPieces.Visits),
        nameof(HotPieces.CommitKeyedBatch) => (_pieces.CommitKeyedBatch, HotPieces.Batch),
        nameof(HotPieces.FoldLive) => (_pieces.FoldLive, 1),
        nameof(HotPieces.PrepareStats) => (_pieces.PrepareStats, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such piece."),
    };
}
