using System.Buffers;
using System.Threading.Tasks.Sources;
using Footfall.Common;

namespace Footfall.Journal;

/// <summary>
/// What one request hands to the journal: hits, their encoded details one after the other, and, after the commit, an outcome for each.
/// Pooled and awaited without an allocation: a task and its state a request cost 3 % of the throughput of <c>POST /stats</c>.
/// </summary>
internal sealed class Submission(Action<Submission> returnToPool) : IValueTaskSource<RejectReason>, IDisposable
{
    /// <summary>Above this many details a submission is not kept, so that one large request does not hold memory forever.</summary>
    private const int MaxRetainedBytes = 1 << 20;

    /// <summary>The same for hits: 4,096 of them are 400 KB.</summary>
    private const int MaxRetainedHits = 4_096;

    private const int SmallBytes = 8 * 1024, SmallHits = 64;

    private ManualResetValueTaskSourceCore<RejectReason> _core;
    private Hit[] _hits = new Hit[1];
    private HitOutcome[] _outcomes = new HitOutcome[1];
    private ArrayBufferWriter<byte>? _details;

    public int Count { get; private set; }

    public ReadOnlySpan<Hit> Hits => _hits.AsSpan(0, Count);

    public Span<HitOutcome> Outcomes => _outcomes.AsSpan(0, Count);

    public ReadOnlySpan<byte> Details => _details is null ? default : _details.WrittenSpan;

    /// <summary>
    /// A source of batches that must be found again after a crash writes its progress in the same commit: null for requests.
    /// </summary>
    public ImportCheckpoint? Checkpoint { get; set; }

    /// <summary>
    /// Hits that are in the journal already, and only tell which visits are open: an import that goes on brings them. Not counted, not
    /// stored; noted before <see cref="Hits"/>.
    /// </summary>
    public IReadOnlyList<Hit> WarmUpHits { get; set; } = [];

    /// <summary>
    /// What is imported with this, each by a number of its own: noted for good in the same commit, so that it is known when it comes again
    /// (<see cref="IJournal.FindImported"/>). Empty for requests; otherwise all hits are of one site.
    /// </summary>
    public IReadOnlyList<Guid> ImportedIds { get; set; } = [];

    /// <summary>Whether it holds the memory of a batch.</summary>
    internal bool IsLarge => _hits.Length > SmallHits || _details?.Capacity > SmallBytes;

    /// <summary>Where the details of the next hit are written, before <see cref="Add"/>.</summary>
    public ArrayBufferWriter<byte> DetailsWriter => _details ??= new ArrayBufferWriter<byte>(4096);

    public void Add(in Hit hit)
    {
        if (Count == _hits.Length)
        {
            Array.Resize(ref _hits, Math.Max(64, Count * 2));
            Array.Resize(ref _outcomes, _hits.Length);
        }
        _hits[Count++] = hit;
    }

    /// <summary>
    /// Whether what follows the commit runs where <see cref="Complete"/> is called, on the journal's writer, or in the thread pool.
    /// </summary>
    internal bool ContinuesOnWriter { set => _core.RunContinuationsAsynchronously = !value; }

    public ValueTask<RejectReason> WaitAsync() => new(this, _core.Version);

    public void Complete(RejectReason result) => _core.SetResult(result);

    public void Dispose()
    {
        Count = 0;
        Checkpoint = null;
        WarmUpHits = [];
        ImportedIds = [];
        _core.Reset();
        if (_hits.Length > MaxRetainedHits || _details?.Capacity > MaxRetainedBytes) ReleaseBuffers();
        _details?.ResetWrittenCount();
        returnToPool(this);
    }

    /// <summary>Lets go of the memory of a batch.</summary>
    internal void ReleaseBuffers() => (_hits, _outcomes, _details) = (new Hit[1], new HitOutcome[1], null);

    RejectReason IValueTaskSource<RejectReason>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RejectReason>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<RejectReason>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
