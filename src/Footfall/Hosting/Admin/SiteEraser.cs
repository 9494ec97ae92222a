using Footfall.History;
using Footfall.History.Projection;
using Footfall.History.Schema;
using Footfall.Journal;

namespace Footfall.Hosting.Admin;

/// <summary>What was deleted of a site.</summary>
/// <param name="Visits">The visits that were counted.</param>
/// <param name="Hits">Hits in the history, including those of bots.</param>
/// <param name="JournalHits">Hits that the journal still had.</param>
/// <param name="FreedJournal">Whether the journal gave the space back.</param>
internal sealed record DeletionSummary(long Visits, long Hits, long JournalHits, bool FreedJournal)
{
    public bool IsEmpty => Visits + Hits + JournalHits == 0;
}

/// <summary>
/// Deletes all data of one site that there is at a moment; what the shop sends afterwards is counted from zero. The journal notes it first,
/// with the projector at rest: a process that is killed goes on with it at its next start, and no hit of before that note gets into the
/// history or the live picture any more.
/// </summary>
internal sealed class SiteEraser(ISiteEraser journal, IHitSource source, Projector projector)
{
    private readonly SemaphoreSlim _semaphore = new(1);

    /// <param name="serving">Whether requests come in meanwhile.</param>
    /// <exception cref="Exception">Of the stores: once the deletion was noted, it goes on at the next start, or when it is asked for
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

    /// <summary>Goes on with what was noted, and was not done when the process ended.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (journal.Pending.Count == 0) return;
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            // The projector does it when it opens the history; where it does not run, now.
            if (source.DeletedSites.Count > 0) await projector.RunExclusiveAsync(static _ => { }, cancellationToken);
            foreach (var domain in journal.Pending) await journal.EraseAsync(domain, serving: true);
        }
        finally
        {
            _semaphore.Release();
        }
    }
}
