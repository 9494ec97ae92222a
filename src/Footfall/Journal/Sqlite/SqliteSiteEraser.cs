namespace Footfall.Journal.Sqlite;

/// <summary>Deletes a site from the journal's file, in chunks between the commits of requests, and from the salts file.</summary>
internal sealed class SqliteSiteEraser(SqliteJournal journal, SqliteSaltStore salts) : ISiteEraser
{
    /// <summary>
    /// While a server runs, a journal with more than this in use is not rewritten: requests would wait too long. In bytes.
    /// </summary>
    private const long MaxVacuumBytes = 1L << 30;

    public IReadOnlyList<string> Pending => [.. journal.Deletions.Select(deletion => deletion.Domain)];

    public long Begin(string domain) => journal.RunAsync(() => journal.Eraser.Begin(domain)).GetAwaiter().GetResult();

    public async Task<(long Hits, bool Freed)> EraseAsync(string domain, bool serving)
    {
        salts.DestroySite(domain);
        var until = journal.Deletions.First(deletion => deletion.Domain == domain).Position;
        var hits = await RunStepsAsync((ref after) => journal.Eraser.EraseBatches(domain, until, ref after));
        await RunStepsAsync((ref after) => journal.Eraser.EraseKeys(domain, until, ref after));
        var freed = await journal.RunAsync(() => journal.Eraser.Vacuum(serving ? MaxVacuumBytes : long.MaxValue));
        await journal.RunAsync(() => journal.Eraser.Finish(domain));
        return (hits, freed);
    }

    private delegate long? EraseStep(ref long after);

    /// <summary>One chunk after the other, between the commits of requests.</summary>
    private async Task<long> RunStepsAsync(EraseStep step)
    {
        var (sum, after) = (0L, 0L);
        while (await journal.RunAsync(() => step(ref after)) is { } count) sum += count;
        return sum;
    }
}
