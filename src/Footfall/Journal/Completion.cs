using Footfall.Words;

namespace Footfall.Journal;

/// <summary>
/// Wakes the requests of a commit, away from the writer: one work item for all of them, in which they answer one after the other.
/// A work item a request, as asynchronous continuations are scheduled otherwise, wakes threads that find nothing left to do.
/// </summary>
internal sealed class Completion(Submission[] submissions, RejectReason result) : IThreadPoolWorkItem
{
    public static void Queue(List<Submission> batch, RejectReason result) =>
        ThreadPool.UnsafeQueueUserWorkItem(new Completion([.. batch], result), preferLocal: false);

    public void Execute()
    {
        foreach (var submission in submissions) submission.Complete(result);
    }
}
