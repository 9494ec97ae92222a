using Footfall.History;
using Footfall.History.Projection;
using Footfall.History.Schema;
using Footfall.Journal;

namespace Footfall.Hosting.Admin;

/// <summary>What was deleted of a site.</summary>
/// <param name="Visits">The visits that were counted.</param>
/// <param name="Hits">Hits in the history, including those of bots.</param>
/// <param name="JournalHits">Hits that were still in the journal.</param>
/// <param name="FreedJournal">Whether the journal freed the space.</param>
internal sealed record DeletionSummary(long Visits, long Hits, long JournalHits, bool FreedJournal)
{
    public bool IsEmpty => Visits + Hits + JournalHits == 0;
}

/// <summary>
/// Deletes all current data of one site; later hits are counted from zero. The journal records the deletion first, while the projector
/// pauses: a killed process continues at its next start, and no earlier hit gets into the history or the live state anymore.
/// </summary>
internal sealed class SiteEraser(ISiteEraser journal, IHitSource source, Projector projector)
{
    private readonly SemaphoreSlim _semaphore = new(1);

    /// <param name="serving">Whether requests come in meanwhile.</param>
    /// <exception cref="Exception">Errors of the stores: once recorded, the deletion continues at the next start, or when it is requested
    /// again.</exception>
    public async Task<DeletionSummary> EraseAsync(string domain, bool serving, CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            var (visits, hits) = (0L, 0L);
            await projector.RunExclusiveAsync(projection =>
            {
                if (projection is not null) hits = HistorySiteEraser.CountHits(projection.Connection, domain);
                visits = journal.Begin(domain);
            }, cancellationToken);
            var (inJournal, freed) = await journal.EraseAsync(domain, serving);
            return new DeletionSummary(visits, hits, inJournal, freed);
        }
        finally
        {
            _semaphore.Release();
        }
    }

    /// <summary>Continues recorded deletions that were unfinished when the process ended.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (journal.Pending.Count == 0) return;
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            // The projector does it when it opens the history; if it does not run, it is done now.
            if (source.DeletedSites.Count > 0) await projector.RunExclusiveAsync(static _ => { }, cancellationToken);
            foreach (var domain in journal.Pending) await journal.EraseAsync(domain, serving: true);
        }
        finally
        {
            _semaphore.Release();
        }
    }
}
