using Microsoft.Extensions.ObjectPool;

namespace Footfall.Journal;

/// <summary>A pool of submissions. Only a few keep large buffers, so that memory is freed after a burst of large requests.</summary>
internal sealed class SubmissionPool : IPooledObjectPolicy<Submission>
{
    private const int MaxRetained = 4_096, MaxLargeRetained = 16;

    /// <summary>
    /// With few processors, the writer itself completes the short requests of its commit while the others read the next ones: on two, 15 to
    /// 20 % more visits a second than with one work item in the thread pool, whose thread must be woken and then competes with the writer.
    /// With many, it would only delay the next commit.
    /// </summary>
    private static readonly bool FewProcessors = Environment.ProcessorCount <= 4;

    private readonly DefaultObjectPool<Submission> _pool;
    private int _large;

    public SubmissionPool() => _pool = new DefaultObjectPool<Submission>(this, MaxRetained);

    /// <inheritdoc cref="IJournal.Rent"/>
    public Submission Rent(bool inline)
    {
        var submission = _pool.Get();
        if (submission.IsLarge) Interlocked.Decrement(ref _large);
        submission.ContinuesOnWriter = inline && FewProcessors;
        return submission;
    }

    Submission IPooledObjectPolicy<Submission>.Create() => new(_pool.Return);

    bool IPooledObjectPolicy<Submission>.Return(Submission submission)
    {
        if (!submission.IsLarge) return true;
        if (Interlocked.Increment(ref _large) <= MaxLargeRetained) return true;
        Interlocked.Decrement(ref _large);
        submission.ReleaseBuffers();
        return true;
    }
}
