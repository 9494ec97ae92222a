using Footfall.Common;
using Footfall.Enrich;
using Footfall.Ingest;
using Footfall.Journal;
using Microsoft.Extensions.Options;

namespace Footfall.Import.AccessLog;

/// <summary>
/// Imports access logs into the journal of this process. What was imported is known by content, not by name: each commit notes in the same
/// transaction the length and the SHA-256 of the content so far, so that the same log again (renamed, compressed, grown, interrupted)
/// counts each line once.
/// </summary>
internal sealed class AccessLogImporter(
    IJournal journal, SiteRegistry sites, HitAcceptorFactory acceptors, HitOriginFactory origins, TimeProvider time,
    IOptions<FootfallOptions> options) : IAccessLogImporter
{
    /// <summary>The most hits in a commit: requests of shops wait the few milliseconds that it takes.</summary>
    private const int MaxHitsPerCommit = 2_000;

    /// <summary>One import at a time: two of the same content would not see each other.</summary>
    private readonly SemaphoreSlim _semaphore = new(1);

    public Task<ImportState> GetStateAsync(string site, CancellationToken cancellationToken) =>
        Task.FromResult(ImportState.FromCheckpoints(journal.ReadCheckpoints(GetCheckpointSource(ImportDefaults.GetSite(sites, site)))) with
        {
            KeptDays = options.Value.History.GetRetentionDays(),
            Oldest = GetRetentionStart(ImportDefaults.GetSite(sites, site)),
        });

    public async Task<ImportSummary> ImportAsync(Stream content, AccessLogRequest request, IProgress<RejectReason>? waiting,
        CancellationToken cancellationToken)
    {
        var site = ImportDefaults.GetSite(sites, request.Site);
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            var state = ImportState.FromCheckpoints(journal.ReadCheckpoints(GetCheckpointSource(site)));
            if (state.Token != request.State) return new ImportSummary { Status = ImportStatus.Outdated };
            using var lines = new LogLineReader(content, request.From);
            var hits = new LogHitFactory(acceptors.Create(site), origins);
            var filter = new PageViewFilter(request.IncludeAssets, time.GetUtcNow()
                .ToUnixTimeMilliseconds() + ImportDefaults.MaxFutureMilliseconds, GetRetentionStart(site));
            var sink = new ImportBatchWriter<AccessLogImportCounts>(journal, time, waiting, cancellationToken);
            var run = new AccessLogImportRun(lines, hits, filter, sink, GetCheckpointSource(site),
                Math.Min(MaxHitsPerCommit, options.Value.QueueLimit));
            return await run.RunAsync(request.From, state.Known, cancellationToken);
        }
        finally
        {
            _semaphore.Release();
        }
    }

    private long? GetRetentionStart(Site site) => options.Value.History.GetRetentionStart(site, time.GetUtcNow().ToUnixTimeMilliseconds());

    private static string GetCheckpointSource(Site site) => ImportCheckpoint.AccessLogSource(site.Domain);
}
