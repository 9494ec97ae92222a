using Footfall.Live;
using Footfall.Words;

namespace Footfall.Journal;

/// <summary>
/// Wakes the requests of a commit, away from the writer: one work item for all of them, in which they answer one after the other.
/// A work item a request, as asynchronous continuations are scheduled otherwise, wakes threads that find nothing left to do.
/// </summary>
internal sealed class Completion(Submission[] submissions, RejectReason result) : IThreadPoolWorkItem
{
    public static void Run(List<Submission> batch, RejectReason result, ILive live, JournalMetrics metrics, double seconds)
    {
        if (result == RejectReason.None)
        {
            var (accepted, duplicates, visits) = (0, 0, 0);
            foreach (var submission in batch)
            {
                live.Fold(submission.Hits, submission.Outcomes, replayed: false);
                foreach (ref readonly var outcome in submission.Outcomes)
                {
                    if (outcome.Duplicate) duplicates++;
                    else accepted++;
                    if (outcome.OpenedVisit) visits++;
                }
            }
            metrics.Committed(accepted, duplicates, visits, seconds);
        }
        ThreadPool.UnsafeQueueUserWorkItem(new Completion([.. batch], result), preferLocal: false);
    }

    public void Execute()
    {
        foreach (var submission in submissions) submission.Complete(result);
    }
}
