using Footfall.Common;

namespace Footfall.Journal;

/// <summary>What commands do with the files of a journal.</summary>
internal enum FileOperation
{
    Backup,
    Restore,
    RebuildHistory,
    AcceptJournal,
}

/// <summary>
/// The durable, ordered record of accepted hits. It decides visit and duplicate, and moves the counters, in the same commit.
/// </summary>
internal interface IJournal
{
    /// <summary>Whether the last attempt to commit succeeded.</summary>
    bool IsReady { get; }

    /// <summary>Hits that wait for a commit.</summary>
    int QueueLength { get; }

    /// <summary>Takes an empty submission from the pool. The caller gives it back with <see cref="Submission.Dispose"/>.</summary>
    /// <param name="inline">Whether what follows the commit is short and never blocks: then it may run on the journal's writer.</param>
    Submission Rent(bool inline = false);

    /// <summary>
    /// Makes all hits of the submission durable, in one commit with whatever else waits. When it returns <see cref="RejectReason.None"/>
    /// the hits are on disk and each has its <see cref="HitOutcome"/>; anything else means that none of them was counted.
    /// </summary>
    ValueTask<RejectReason> AppendAsync(Submission submission);

    /// <summary>How far the imports of a source have come, as of the last commit, in no order.</summary>
    /// <param name="source">As in <see cref="ImportCheckpoint.Source"/>.</param>
    IReadOnlyList<ImportCheckpoint> ReadCheckpoints(string source);

    /// <summary>Finds which of some things were imported, as of the last commit.</summary>
    /// <param name="ids">As in <see cref="Submission.ImportedIds"/>.</param>
    IReadOnlySet<Guid> FindImported(IReadOnlyCollection<Guid> ids);

    /// <summary>The visits by country of a site, exact after every commit of this node.</summary>
    VisitCounters Counters { get; }

    /// <summary>
    /// The visits by country of a site, with every hit that any node has answered when this is called. Null before its first visit.
    /// </summary>
    /// <exception cref="IOException">They can't be read now.</exception>
    ValueTask<SiteCounters?> ReadCountersAsync(Site site) => new(Counters.Find(site));

    /// <summary>Finds a site that this node does not know yet, and another one has counted visits of.</summary>
    /// <param name="domain">Normalised.</param>
    /// <exception cref="IOException">It can't be read now.</exception>
    ValueTask<Site?> FindSiteAsync(string domain) => default;

    /// <summary>
    /// What keeps some or all of the hits from being committed, in a sentence; null where all is well, or there is nothing to say but that
    /// it fails.
    /// </summary>
    string? Fault => null;

    /// <summary>
    /// Why this journal has no files for a command to work with, and what to do instead, in sentences; null where it has.
    /// </summary>
    string? GetUnsupportedReason(FileOperation operation) => null;

    /// <summary>
    /// Keeps all that the journal would forget in its files until the answer is disposed. Null where <see cref="GetUnsupportedReason"/>
    /// says so.
    /// </summary>
    IDisposable? LockForBackup() => null;
}
