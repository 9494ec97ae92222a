using Footfall.Common;
using Footfall.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Live;

public sealed class SlowSubscriberTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 10, TimeSpan.Zero));
    private long _visits;

    [Fact]
    public async Task A_subscriber_that_reads_nothing_delays_no_one_and_is_dropped()
    {
        await using var app = FootfallApp.Start(_clock);
        await using var healthy = await SseStream.OpenAsync(app);
        using var slow = await SlowSubscriber.OpenAsync(app);
        await WaitFor.ConditionAsync(() => Metrics(app).Subscribers == 2);
        await FillAsync(app, healthy);

        // Ingestion continues, and so does the other subscriber.
        await app.VisitAsync("us");
        await healthy.WaitUntilAsync(state => state.Total("us") == 1, _clock);
        Assert.Equal(2, Metrics(app).Subscribers);
        await WaitFor.ConditionAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return Metrics(app).Subscribers == 1;
        });

        Assert.Equal(1, Metrics(app).Dropped);
        Assert.Equal(1, await slow.ReadUntilAsync("event: snapshot", 2));
        await app.VisitAsync("us");
        await healthy.WaitUntilAsync(state => state.Total("us") == 2, _clock);
    }

    [Fact]
    public async Task A_watcher_who_reads_again_in_time_catches_up_with_a_snapshot()
    {
        await using var app = FootfallApp.Start(_clock);
        await using var healthy = await SseStream.OpenAsync(app);
        using var slow = await SlowSubscriber.OpenAsync(app);
        await WaitFor.ConditionAsync(() => Metrics(app).Subscribers == 2);
        await FillAsync(app, healthy);

        Assert.Equal(2, await slow.ReadUntilAsync("event: snapshot", 2));

        Assert.Equal(0, Metrics(app).Dropped);
        Assert.Single(healthy.Events, message => message.Name == "snapshot");
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_watcher_who_reads_nothing()
    {
        await using var app = FootfallApp.Start(_clock);
        await using var healthy = await SseStream.OpenAsync(app);
        using var slow = await SlowSubscriber.OpenAsync(app);
        await WaitFor.ConditionAsync(() => Metrics(app).Subscribers == 2);
        await FillAsync(app, healthy);

        // The services are disposed with the host, and the host stops only when the requests have ended.
        var metrics = Metrics(app);
        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await WaitFor.ConditionAsync(() => metrics.Subscribers == 0);
        Assert.Equal(0, metrics.Dropped);
    }

    /// <summary>
    /// Publishes until the system's buffers are full, and then more than the ring keeps: each change is that of all countries in thirty
    /// minutes.
    /// </summary>
    private async Task FillAsync(FootfallApp app, SseStream healthy)
    {
        var live = app.Services.GetRequiredService<ILiveState>();
        var site = app.Services.GetRequiredService<SiteRegistry>().Default;
        await healthy.WaitForCountAsync(1);
        for (var round = 0; Metrics(app).Messages > healthy.Count * 2 - 30; round++)
        {
            var hits = new List<Hit>();
            for (var minute = 0; minute < 30; minute++)
                foreach (var country in Country.All)
                    if (country.Code != "US")
                        hits.Add(new Hit(site, _clock.GetUtcNow().AddMinutes(-minute).ToUnixTimeMilliseconds(), country, HitKind.Visit,
                            false, 0, 0, 0, 0, 0));
            _visits += hits.Count;
            live.Apply(hits.ToArray(), hits.ConvertAll(hit => new HitOutcome(false, true, hit.Country, _visits)).ToArray(), false);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await healthy.WaitForCountAsync(round + 2);
        }
    }

    private static LiveMetrics Metrics(FootfallApp app) => app.Services.GetRequiredService<LiveMetrics>();
}
