using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Footfall.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(HotPieceBenchmarks).Assembly).Run(args);

namespace Footfall.Benchmarks
{
    /// <summary>
    /// Times the parts of the hit path. In this process: the generated projects of the default toolchain know nothing of this house's
    /// rules.
    /// </summary>
    [InProcess]
    [MemoryDiagnoser]
    public class HotPieceBenchmarks
    {
        private HotPieces _pieces = null!;

        [GlobalSetup]
        public void Begin() => _pieces = new HotPieces();

        [GlobalCleanup]
        public void End() => _pieces.Dispose();

        [Benchmark]
        public void ReadVisit() => _pieces.ReadVisit();

        [Benchmark]
        public void TakeFromLimit() => _pieces.TakeFromLimit();

        [Benchmark]
        public void DescribeSender() => _pieces.DescribeSender();

        [Benchmark]
        public void ReadPageView() => _pieces.ReadPageView();

        [Benchmark]
        public void ReadPurchase() => _pieces.ReadPurchase();

        [Benchmark(OperationsPerInvoke = HotPieces.Visits)]
        public void CommitVisits() => _pieces.CommitVisits();

        [Benchmark(OperationsPerInvoke = HotPieces.Batch)]
        public void CommitKeyedBatch() => _pieces.CommitKeyedBatch();

        [Benchmark]
        public void FoldLive() => _pieces.FoldLive();

        [Benchmark]
        public void PrepareStats() => _pieces.PrepareStats();
    }
}
