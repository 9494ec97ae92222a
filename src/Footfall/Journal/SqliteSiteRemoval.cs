namespace Footfall.Journal;

/// <summary>Deletes a site from the journal's file, in pieces with the commits of requests in between, and from the file of the salts.</summary>
internal sealed class SqliteSiteRemoval(SqliteJournal journal, SaltStore salts) : ISiteRemoval
{
    /// <summary>While a server runs, a journal with more than this in use is not written anew: requests would wait for too long. In bytes.</summary>
    private const long MostWhileServing = 1L << 30;

    public IReadOnlyList<string> Pending => [.. journal.Deletions.Select(deletion => deletion.Domain)];

    public long Begin(string domain) => journal.RunAsync(() => journal.Scrub.Begin(domain)).GetAwaiter().GetResult();

    public async Task<(long Hits, bool Freed)> FinishAsync(string domain, bool serving)
    {
        salts.Forget(domain);
        var until = journal.Deletions.First(deletion => deletion.Domain == domain).Position;
        var hits = await PiecesAsync((ref after) => journal.Scrub.Batches(domain, until, ref after));
        await PiecesAsync((ref after) => journal.Scrub.Keys(domain, until, ref after));
        var freed = await journal.RunAsync(() => journal.Scrub.FreeSpace(serving ? MostWhileServing : long.MaxValue));
        await journal.RunAsync(() => journal.Scrub.Finish(domain));
        return (hits, freed);
    }

    private delegate long? Piece(ref long after);

    /// <summary>One piece after the other, with the commits of requests in between.</summary>
    private async Task<long> PiecesAsync(Piece piece)
    {
        var (sum, after) = (0L, 0L);
        while (await journal.RunAsync(() => piece(ref after)) is { } some) sum += some;
        return sum;
    }
}
