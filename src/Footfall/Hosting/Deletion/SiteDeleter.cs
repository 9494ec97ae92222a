using Footfall.History;
using Footfall.History.Store;
using Footfall.Journal;

namespace Footfall.Hosting.Deletion;

/// <summary>What was deleted of a site.</summary>
/// <param name="Visits">The visits that were counted.</param>
/// <param name="Hits">Hits in the history, those of robots included.</param>
/// <param name="JournalHits">Hits that the journal still had.</param>
/// <param name="FreedJournal">Whether the journal gave the space back.</param>
internal sealed record DeletionSummary(long Visits, long Hits, long JournalHits, bool FreedJournal)
{
    public bool IsEmpty => Visits + Hits + JournalHits == 0;
}

/// <summary>
/// Deletes all data of one site that there is at a moment; what the shop sends afterwards is counted from zero. The journal notes it first, with the projector at rest: a process
/// that is killed goes on with it at its next start, and no hit of before that note gets into the history or the live picture any more.
/// </summary>
internal sealed class SiteDeleter(IJournal anyJournal, Projector projector, ISalts salts)
{
    /// <summary>While a server runs, a journal with more than this in use is not written anew: requests would wait for too long. In bytes.</summary>
    private const long MostWhileServing = 1L << 30;

    private readonly SemaphoreSlim _one = new(1);

    private SqliteJournal Journal => anyJournal as SqliteJournal ?? throw new IOException("The journal is on Redis, from which no site can be deleted by command.");

    /// <param name="serving">Whether requests come in meanwhile.</param>
    /// <exception cref="Exception">Of the stores: once the deletion was noted, it goes on at the next start, or when it is asked for again.</exception>
    public async Task<DeletionSummary> RunAsync(string domain, bool serving, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            var (visits, hits) = (0L, 0L);
            await projector.RunAsync(projection =>
            {
                if (projection is not null) hits = SiteRemoval.Count(projection.Connection, domain);
                visits = Journal.RunAsync(() => Journal.Scrub.Begin(domain)).GetAwaiter().GetResult();
            }, stop);
            var (inJournal, freed) = await FinishAsync(domain, serving);
            return new DeletionSummary(visits, hits, inJournal, freed);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Goes on with what was noted, and was not done when the process ended.</summary>
    public async Task ResumeAsync(CancellationToken stop)
    {
        if (anyJournal is not SqliteJournal || Journal.Deletions.Count == 0) return;
        await _one.WaitAsync(stop);
        try
        {
            // The projector does it when it opens the history; where it does not run, now.
            if (Journal.DeletedSites.Count > 0) await projector.RunAsync(static _ => { }, stop);
            foreach (var (domain, _) in Journal.Deletions) await FinishAsync(domain, serving: true);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<(long Hits, bool Freed)> FinishAsync(string domain, bool serving)
    {
        salts.Forget(domain);
        var until = Journal.Deletions.First(deletion => deletion.Domain == domain).Position;
        var hits = await PiecesAsync((ref after) => Journal.Scrub.Batches(domain, until, ref after));
        await PiecesAsync((ref after) => Journal.Scrub.Keys(domain, until, ref after));
        var freed = await Journal.RunAsync(() => Journal.Scrub.FreeSpace(serving ? MostWhileServing : long.MaxValue));
        await Journal.RunAsync(() => Journal.Scrub.Finish(domain));
        return (hits, freed);
    }

    private delegate long? Piece(ref long after);

    /// <summary>One piece after the other, with the commits of requests in between.</summary>
    private async Task<long> PiecesAsync(Piece piece)
    {
        var (sum, after) = (0L, 0L);
        while (await Journal.RunAsync(() => piece(ref after)) is { } some) sum += some;
        return sum;
    }
}
