using Footfall.History;
using Footfall.Live;
using Footfall.Words;

namespace Footfall.Query;

/// <summary>
/// Brings the figures of today and yesterday from the history into the live picture, once after the start. Nothing is counted twice: the history tells what
/// is in the journal up to the last commit before the start, and the picture itself counts what came after it.
/// </summary>
internal sealed class LiveFigures(IHistory history, IHitSource source, HistoryStatus status, LivePicture live, IExchange exchange, Sites sites, TimeProvider time, ILogger<LiveFigures> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long _position;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the server listens: from here on every commit is one that the picture counts.
        _position = source.LastPosition;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (status.IsOff) return;
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken);
            if (status.Position < _position || status.Health().State != HistoryState.Ready) continue;
            try
            {
                // A day before yesterday in UTC is yesterday somewhere; the picture takes what it needs.
                var since = LocalDay.Of(time.GetUtcNow().ToUnixTimeMilliseconds(), TimeZoneInfo.Utc) - 2;
                foreach (var count in await history.CountDaysAsync(since, _position, stoppingToken)) Load(count);
                live.FiguresLoaded();
                return;
            }
            catch (HistoryUnavailableException error)
            {
                log.FiguresDelayed(error.Message);
            }
        }
    }

    private void Load(DayCount count)
    {
        var site = sites.Restore(count.Site);
        Figures figures = default;
        figures.Add(count.What switch
        {
            HitKind.Visit => Figure.Visits,
            HitKind.PageView => Figure.Pageviews,
            HitKind.AddToCart => Figure.Carts,
            HitKind.BeginCheckout => Figure.Checkouts,
            HitKind.Purchase => Figure.Orders,
            _ => Figure.Active,
        }, count.Count);
        if (count.What == HitKind.Purchase)
            figures.Add(Figure.Revenue, Figures.Millionths(exchange.Worth(count.Value, count.Currency, site, count.Day)));
        live.LoadFigures(site, count.Country, count.Day, count.Step, figures);
    }
}
