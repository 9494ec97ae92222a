using System.Text;
using Footfall.Common;
using Footfall.Ingest;
using Footfall.Journal;
using Microsoft.Extensions.Options;

namespace Footfall.Import.Orders;

/// <summary>
/// Imports orders of other shop systems into the journal of this process. An order is known permanently by number: the commit that counts
/// it records the number in the same transaction, so that it counts once whatever file has it again, even across a crash.
/// </summary>
internal sealed class OrderImporter(
    IJournal journal, SiteRegistry sites, HitAcceptorFactory acceptors, TimeProvider time, IOptions<FootfallOptions> options)
        : IOrderImporter
{
    /// <summary>The most hits in a commit: requests of shops wait the few milliseconds that it takes.</summary>
    private const int MaxHitsPerCommit = 1_000;

    /// <summary>One import at a time: two of the same orders would not see each other.</summary>
    private readonly SemaphoreSlim _semaphore = new(1);

    public async Task<OrderSummary> ImportOrdersAsync(Stream content, OrderRequest request, IProgress<RejectReason>? waiting,
        CancellationToken cancellationToken)
    {
        var site = ImportDefaults.GetSite(sites, request.Site);
        var currency = request.Currency?.ToUpperInvariant() ?? site.Currency;
        if (!Currency.IsKnown(Encoding.UTF8.GetBytes(currency))) throw new ImportException($"{request.Currency} is not a currency: use an "
            + $"ISO 4217 code, such as GBP.");
        var zone = site.TimeZone;
        if (request.TimeZone is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone))
            throw new ImportException($"{name} is not a time zone: use a name such as Europe/London.");
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            using var lines = new OrderCsvReader(content, request);
            if (!await lines.ReadAsync(cancellationToken)) throw new ImportException("The file is empty: its first line must be a header.");
            var columns = OrderColumns.Find(lines.Cells, request);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var reader = new OrderLineParser(columns, request, zone, currency, now + ImportDefaults.MaxFutureMilliseconds);
            var oldest = options.Value.History.GetRetentionStart(site, now);
            var sink = new ImportBatchWriter<OrderImportCounts>(journal, time, waiting, cancellationToken);
            var run = new OrderImportRun(
                lines, reader, new CurrencyColumnDetector(lines.Cells, columns), lines.Cells.Length,
                new OrderHitFactory(site, acceptors.Create(site)),
                journal, sink, Math.Min(MaxHitsPerCommit, options.Value.QueueLimit), request.DryRun, oldest);
            return await run.RunAsync(cancellationToken) with
            {
                Currency = currency,
                Oldest = oldest,
                KeptDays = options.Value.History.GetRetentionDays()
            };
        }
        finally
        {
            _semaphore.Release();
        }
    }
}
