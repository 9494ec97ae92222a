using Footfall.Common;

namespace Footfall.Journal;

/// <summary>What commands can do with the files of a journal.</summary>
internal enum FileOperation
{
    Backup,
    Restore,
    RebuildHistory,
    AcceptJournal,
}

/// <summary>
/// The durable, ordered record of accepted hits. It detects visits and duplicates and updates the counters in the same commit.
/// </summary>
internal interface IJournal
{
    /// <summary>Whether the last attempt to commit succeeded.</summary>
    bool IsReady { get; }

    /// <summary>Hits that wait for a commit.</summary>
    int QueueLength { get; }

    /// <summary>Takes an empty submission from the pool. The caller returns it with <see cref="Submission.Dispose"/>.</summary>
    /// <param name="inline">Whether the continuation is short and never blocks, so that it may run on the journal's writer.</param>
    Submission Rent(bool inline = false);

    /// <summary>
    /// Makes all hits of the submission durable, in one commit with everything else that waits. If it returns
    /// <see cref="RejectReason.None"/> the hits are on disk and each has its <see cref="HitOutcome"/>; otherwise none of them was counted.
    /// </summary>
    ValueTask<RejectReason> AppendAsync(Submission submission);

    /// <summary>How far the imports of a source have come, as of the last commit, in no order.</summary>
    /// <param name="source">As in <see cref="ImportCheckpoint.Source"/>.</param>
    IReadOnlyList<ImportCheckpoint> ReadCheckpoints(string source);

    /// <summary>Finds which items were already imported, as of the last commit.</summary>
    /// <param name="ids">As in <see cref="Submission.ImportedIds"/>.</param>
    IReadOnlySet<Guid> FindImported(IReadOnlyCollection<Guid> ids);

    /// <summary>The visits by country of a site, exact after every commit of this node.</summary>
    VisitCounters Counters { get; }

    /// <summary>
    /// The visits by country of a site, including every hit that any node has confirmed before this call. Null before its first visit.
    /// </summary>
    /// <exception cref="IOException">They can't be read now.</exception>
    ValueTask<SiteCounters?> ReadCountersAsync(Site site) => new(Counters.Find(site));

    /// <summary>Finds a site that this node does not know yet but another node has counted visits of.</summary>
    /// <param name="domain">Normalised.</param>
    /// <exception cref="IOException">It can't be read now.</exception>
    ValueTask<Site?> FindSiteAsync(string domain) => default;

    /// <summary>Why some or all hits can't be committed, as a sentence; null if all is well or the reason is unknown.</summary>
    string? Fault => null;

    /// <summary>Why this journal has no files for commands, and what to do instead, as sentences; null if it has.</summary>
    string? GetUnsupportedReason(FileOperation operation) => null;

    /// <summary>
    /// Keeps everything in the journal's files until the result is disposed. Null if <see cref="GetUnsupportedReason"/> gives a reason.
    /// </summary>
    IDisposable? LockForBackup() => null;
}
