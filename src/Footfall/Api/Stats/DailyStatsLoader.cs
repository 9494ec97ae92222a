using Footfall.Common;
using Footfall.History;
using Footfall.Live;

namespace Footfall.Api.Stats;

/// <summary>
/// Loads the counts of today and yesterday from the history into the live state, once after startup. Nothing is counted twice: the history
/// provides the counts up to the last commit before startup, and the live state counts later hits itself.
/// </summary>
internal sealed class DailyStatsLoader(IHistory history, IHitSource source, HistoryStatus status, LiveState live,
    ICurrencyConverter exchange, SiteRegistry sites, TimeProvider time, ILogger<DailyStatsLoader> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long _startPosition;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the server listens: from here on the live state counts every commit.
        _startPosition = source.LastPosition;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (status.IsOff) return;
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken);
            if (status.Position < _startPosition || status.GetHealth().State != HistoryState.Ready) continue;
            try
            {
                // The day before yesterday in UTC is yesterday somewhere; the live state takes what it needs.
                var since = LocalDay.Of(time.GetUtcNow().ToUnixTimeMilliseconds(), TimeZoneInfo.Utc) - 2;
                foreach (var count in await history.GetDailyCountsAsync(since, _startPosition, stoppingToken)) Load(count);
                live.MarkDailyStatsLoaded();
                return;
            }
            catch (HistoryUnavailableException error)
            {
                log.FiguresDelayed(error.Message);
            }
        }
    }

    private void Load(DailyCount count)
    {
        var site = sites.GetOrAddStored(count.Site);
        DailyStats figures = default;
        figures.Add(count.Kind switch
        {
            HitKind.Visit => DailyCounter.Visits,
            HitKind.PageView => DailyCounter.Pageviews,
            HitKind.AddToCart => DailyCounter.Carts,
            HitKind.BeginCheckout => DailyCounter.Checkouts,
            HitKind.Purchase => DailyCounter.Orders,
            _ => DailyCounter.Active,
        }, count.Count);
        if (count.Kind == HitKind.Purchase)
            figures.Add(DailyCounter.Revenue,
                DailyStats.ToMillionths(exchange.ConvertOrZero(count.Value, count.Currency, site, count.Day)));
        live.LoadDailyStats(site, count.Country, count.Day, count.Step, figures);
    }
}
