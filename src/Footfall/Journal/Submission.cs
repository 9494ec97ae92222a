using System.Buffers;
using System.Threading.Tasks.Sources;
using Footfall.Common;

namespace Footfall.Journal;

/// <summary>
/// What one request submits to the journal: hits, their encoded details in sequence, and, after the commit, an outcome for each. Pooled and
/// awaited without an allocation: a task and its state per request cost 3 % of the throughput of <c>POST /stats</c>.
/// </summary>
internal sealed class Submission(Action<Submission> returnToPool) : IValueTaskSource<RejectReason>, IDisposable
{
    /// <summary>
    /// Above this many bytes of details a submission is not pooled, so that one large request does not hold memory forever.
    /// </summary>
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

    /// <summary>An import records its progress in the same commit, so that it can resume after a crash; null for requests.</summary>
    public ImportCheckpoint? Checkpoint { get; set; }

    /// <summary>
    /// Hits that are already in the journal and only restore the open visits when an import resumes. Not counted or stored; processed
    /// before <see cref="Hits"/>.
    /// </summary>
    public IReadOnlyList<Hit> WarmUpHits { get; set; } = [];

    /// <summary>
    /// The ids of the imported items: recorded durably in the same commit, so that repeated items are recognized
    /// (<see cref="IJournal.FindImported"/>). Empty for requests; otherwise all hits are of one site.
    /// </summary>
    public IReadOnlyList<Guid> ImportedIds { get; set; } = [];

    /// <summary>Whether it holds a large buffer.</summary>
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

    /// <summary>Whether the continuation runs inside <see cref="Complete"/>, on the journal's writer, or in the thread pool.</summary>
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

    /// <summary>Releases a large buffer.</summary>
    internal void ReleaseBuffers() => (_hits, _outcomes, _details) = (new Hit[1], new HitOutcome[1], null);

    RejectReason IValueTaskSource<RejectReason>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RejectReason>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<RejectReason>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
