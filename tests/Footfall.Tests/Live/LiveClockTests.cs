using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Live;

public sealed class LiveClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 10, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);

    [Fact]
    public async Task A_quiet_stream_has_a_heartbeat()
    {
        await using var app = FootfallApp.Start(_clock);
        await using var stream = await LiveStream.OpenAsync(app);
        await stream.CountAsync(1);
        Assert.Equal(0, stream.Comments);

        _clock.Advance(TimeSpan.FromSeconds(16));
        await Wait.UntilAsync(() => stream.Comments == 1);
        _clock.Advance(TimeSpan.FromSeconds(16));
        await Wait.UntilAsync(() => stream.Comments == 2);

        Assert.Single(stream.Events);
    }

    [Fact]
    public async Task Minutes_roll_off_without_a_visit()
    {
        await using var app = FootfallApp.Start(_clock);
        await app.VisitAsync("us", 2);
        await using var stream = await LiveStream.OpenAsync(app);
        await stream.UntilAsync(picture => picture.Minutes("us")[29] == 2, _clock);

        for (var age = 1; age < 30; age++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await stream.UntilAsync(picture => picture.Minutes("us")[29 - age] == 2 && picture.Minutes("us").Sum() == 2);
        }
        _clock.Advance(TimeSpan.FromMinutes(1));
        await stream.UntilAsync(picture => picture.Minutes("us").Sum() == 0);

        Assert.Equal((2, 2), stream.Picture(p => (p.Total("us"), p.Today("us"))));
        Assert.Equal("snapshot", Assert.Single(stream.Events, message => message.Name == "snapshot").Name);
    }

    [Fact]
    public async Task A_visitor_is_active_for_five_minutes()
    {
        await using var app = FootfallApp.Start(_clock);
        await app.VisitAsync("us");
        await using var stream = await LiveStream.OpenAsync(app);
        await stream.UntilAsync(picture => picture.Active("us") == 1, _clock);

        _clock.Advance(TimeSpan.FromSeconds(290));
        await stream.UntilAsync(picture => picture.Minutes("us")[29] == 0);
        Assert.Equal(1, stream.Picture(p => p.Active("us")));
        _clock.Advance(TimeSpan.FromSeconds(10));
        await stream.UntilAsync(picture => picture.Active("us") == 0);
    }

    [Fact]
    public async Task Today_ends_at_the_sites_midnight()
    {
        // 12:00 in UTC is 17:30 in Kolkata, and 18:30 is its midnight.
        await using var app = FootfallApp.Start(_clock, null, ("Sites:0:Domain", "shop.example"), ("Sites:0:TimeZone", "Asia/Kolkata"));
        await app.VisitAsync("in", 2, "shop.example");
        await using var stream = await LiveStream.OpenAsync(app, "?site=shop.example");
        await stream.UntilAsync(picture => picture.Today("in") == 2, _clock);

        _clock.Advance(Noon.AddHours(6).AddMinutes(29) - _clock.GetUtcNow());
        await stream.UntilAsync(picture => picture.Minutes("in").Sum() == 0);
        Assert.Equal(2, stream.Picture(p => p.Today("in")));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await stream.UntilAsync(picture => picture.Today("in") == 0);
        await app.VisitAsync("in", 1, "shop.example");
        await stream.UntilAsync(picture => picture.Today("in") == 1, _clock);

        Assert.Equal(3, stream.Picture(p => p.Total("in")));
    }

    [Fact]
    public async Task A_clock_that_jumps_and_comes_back_finds_the_same_picture()
    {
        await using var app = FootfallApp.Start(_clock);
        await app.VisitAsync("us", 2);
        await using var stream = await LiveStream.OpenAsync(app);
        await stream.UntilAsync(picture => picture.Total("us") == 2, _clock);
        var now = _clock.GetUtcNow();
        var before = stream.Picture(p => p.ToString());

        foreach (var jump in new[] { TimeSpan.FromDays(1), TimeSpan.FromDays(-1), TimeSpan.FromHours(-1), TimeSpan.FromDays(400) })
        {
            _clock.AdjustTime(now + jump);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await stream.UntilAsync(picture => picture.Active("us") == 0 && picture.Minutes("us").Sum() == 0);
            Assert.Equal(2, stream.Picture(p => p.Total("us")));
            _clock.AdjustTime(now);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await stream.UntilAsync(picture => picture.ToString() == before);
        }
        await app.VisitAsync("us");
        await stream.UntilAsync(picture => picture.Minutes("us").Sum() == 3 && picture.Active("us") == 3 && picture.Today("us") == 3, _clock);
    }

    [Fact]
    public async Task A_client_that_was_away_for_too_long_gets_a_snapshot()
    {
        await using var app = FootfallApp.Start(_clock);
        await app.VisitAsync("us");
        await using var stays = await LiveStream.OpenAsync(app);
        await stays.CountAsync(1);
        var id = stays.Events[0].Id;
        // A minute that ends is a message.
        for (var i = 0; i <= Footfall.Live.MessageRing.MaxMessages; i++)
        {
            _clock.AdjustTime(_clock.GetUtcNow().AddMinutes(1));
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            // In step with the watcher who stays, so that no message waits in a buffer while the clock runs on.
            await stays.CountAsync(i + 2);
        }

        await using var back = await LiveStream.OpenAsync(app, lastEventId: id);
        await back.CountAsync(1);

        Assert.Equal("snapshot", back.Events[0].Name);
        Assert.Equal(stays.Picture(p => p.ToString()), back.Picture(p => p.ToString()));
    }
}
