using Footfall.Enrich;
using Footfall.Enrich.Agents;
using Footfall.Journal;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Collect.AccessLog;

/// <summary>
/// Imports access logs into the journal of this process. What was imported is known by content, not by name: each commit notes in the same
/// transaction the length and the SHA-256 of the content so far, so that the same log again (renamed, compressed, grown, interrupted) counts
/// each line once.
/// </summary>
internal sealed class AccessLogImport(
    IJournal journal, Sites sites, CountryLookup countries, Visitors visitors, Bots bots, UserAgents agents, TimeProvider time, IOptions<FootfallOptions> options) : IImportTarget
{
    /// <summary>The most hits a commit: it takes a few milliseconds, for which requests of shops wait.</summary>
    private const int MostHits = 2_000;

    /// <summary>One import at a time: two of the same content would not see each other.</summary>
    private readonly SemaphoreSlim _one = new(1);

    public Task<ImportState> StateAsync(string site, CancellationToken stop) =>
        Task.FromResult(ImportState.Of(journal.Checkpoints(Source(Imports.SiteOf(sites, site)))) with
        {
            KeptDays = options.Value.History.KeptDays(),
            Oldest = Oldest(Imports.SiteOf(sites, site)),
        });

    public async Task<ImportSummary> RunAsync(Stream content, ImportRequest request, IProgress<RejectReason>? waiting, CancellationToken stop)
    {
        var site = Imports.SiteOf(sites, request.Site);
        await _one.WaitAsync(stop);
        try
        {
            var state = ImportState.Of(journal.Checkpoints(Source(site)));
            if (state.Token != request.State) return new ImportSummary { Status = ImportStatus.Outdated };
            using var lines = new LogLines(content, request.From);
            var hits = new LogHits(countries, visitors, bots, agents);
            var rule = new PageRule(request.IncludeAssets, time.GetUtcNow().ToUnixTimeMilliseconds() + Imports.FutureAllowed, Oldest(site));
            var sink = new ImportSink<ImportTally>(journal, time, waiting, stop);
            var run = new ImportRun(lines, hits, rule, site, sink, Source(site), Math.Min(MostHits, options.Value.QueueLimit));
            return await run.ToTheEndAsync(request.From, state.Known, stop);
        }
        finally
        {
            _one.Release();
        }
    }

    private long? Oldest(Site site) => options.Value.History.OldestKept(site, time.GetUtcNow().ToUnixTimeMilliseconds());

    private static string Source(Site site) => ImportCheckpoint.AccessLog(site.Domain);
}
