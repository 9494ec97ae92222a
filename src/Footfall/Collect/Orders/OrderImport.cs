using System.Text;
using Footfall.Collect.AccessLog;
using Footfall.Journal;
using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Collect.Orders;

/// <summary>
/// Imports orders of other shop systems into the journal of this process. An order is known by its number, for good: the commit that counts it notes the number in the
/// same transaction, so that it counts once in whatever file it comes again, also across a crash.
/// </summary>
internal sealed class OrderImport(
    IJournal journal, Sites sites, KeyHasher keys, TimeProvider time, IOptions<FootfallOptions> options) : IOrderTarget
{
    /// <summary>The most hits a commit: it takes some milliseconds, for which requests of shops wait.</summary>
    private const int MostHits = 1_000;

    /// <summary>How far back a purchase may lie that a shop has sent itself within the time for which the journal knows keys: both are 24 hours. In milliseconds.</summary>
    private const long Recent = 49 * 60 * 60 * 1000;

    /// <summary>One import at a time: two of the same orders would not see each other.</summary>
    private readonly SemaphoreSlim _one = new(1);

    public async Task<OrderSummary> RunOrdersAsync(Stream content, OrderRequest request, IProgress<RejectReason>? waiting, CancellationToken stop)
    {
        var site = Imports.SiteOf(sites, request.Site);
        var currency = request.Currency?.ToUpperInvariant() ?? site.Currency;
        if (!Currency.IsKnown(Encoding.UTF8.GetBytes(currency))) throw new ImportException($"{request.Currency} is no currency: a code of ISO 4217, such as GBP, is expected.");
        var zone = site.TimeZone;
        if (request.TimeZone is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone)) throw new ImportException($"{name} is no time zone: a name such as Europe/London is expected.");
        await _one.WaitAsync(stop);
        try
        {
            using var lines = new OrderLines(content, request);
            if (!await lines.NextAsync(stop)) throw new ImportException("The file is empty: its first line must be a header.");
            var columns = OrderColumns.Find(lines.Cells, request);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var reader = new OrderLineReader(columns, request, zone, currency, now + Imports.FutureAllowed);
            var oldest = options.Value.History.OldestKept(site, now);
            var sink = new ImportSink<OrderTally>(journal, time, waiting, stop);
            var run = new OrderRun(
                lines, reader, new CurrencyWatch(lines.Cells, columns), lines.Cells.Length, new OrderHits(site, keys, now - Recent),
                journal, sink, Math.Min(MostHits, options.Value.QueueLimit), request.DryRun, oldest);
            return await run.ToTheEndAsync(stop) with { Currency = currency, Oldest = oldest, KeptDays = options.Value.History.KeptDays() };
        }
        finally
        {
            _one.Release();
        }
    }
}
