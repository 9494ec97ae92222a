using Footfall.Live;
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
        await using var stream = await SseStream.OpenAsync(app);
        await stream.WaitForCountAsync(1);
        Assert.Equal(0, stream.Comments);

        _clock.Advance(TimeSpan.FromSeconds(16));
        await WaitFor.ConditionAsync(() => stream.Comments == 1);
        _clock.Advance(TimeSpan.FromSeconds(16));
        await WaitFor.ConditionAsync(() => stream.Comments == 2);

        Assert.Single(stream.Events);
    }

    [Fact]
    public async Task Minutes_roll_off_without_a_visit()
    {
        await using var app = FootfallApp.Start(_clock);
        await app.VisitAsync("us", 2);
        await using var stream = await SseStream.OpenAsync(app);
        await stream.WaitUntilAsync(state => state.Minutes("us")[29] == 2, _clock);

        for (var age = 1; age < 30; age++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await stream.WaitUntilAsync(state => state.Minutes("us")[29 - age] == 2 && state.Minutes("us").Sum() == 2);
        }
        _clock.Advance(TimeSpan.FromMinutes(1));
        await stream.WaitUntilAsync(state => state.Minutes("us").Sum() == 0);

        Assert.Equal((2, 2), stream.ReadState(p => (p.Total("us"), p.Today("us"))));
        Assert.Equal("snapshot", Assert.Single(stream.Events, message => message.Name == "snapshot").Name);
    }

    [Fact]
    public async Task A_visitor_is_active_for_five_minutes()
    {
        await using var app = FootfallApp.Start(_clock);
        await app.VisitAsync("us");
        await using var stream = await SseStream.OpenAsync(app);
        await stream.WaitUntilAsync(state => state.Active("us") == 1, _clock);

        _clock.Advance(TimeSpan.FromSeconds(290));
        await stream.WaitUntilAsync(state => state.Minutes("us")[29] == 0);
        Assert.Equal(1, stream.ReadState(p => p.Active("us")));
        _clock.Advance(TimeSpan.FromSeconds(10));
        await stream.WaitUntilAsync(state => state.Active("us") == 0);
    }

    [Fact]
    public async Task Today_ends_at_the_sites_midnight()
    {
        // 12:00 in UTC is 17:30 in Kolkata, and 18:30 is its midnight.
        await using var app = FootfallApp.Start(_clock, null, ("Sites:0:Domain", "shop.example"), ("Sites:0:TimeZone", "Asia/Kolkata"));
        await app.VisitAsync("in", 2, "shop.example");
        await using var stream = await SseStream.OpenAsync(app, "?site=shop.example");
        await stream.WaitUntilAsync(state => state.Today("in") == 2, _clock);

        _clock.Advance(Noon.AddHours(6).AddMinutes(29) - _clock.GetUtcNow());
        await stream.WaitUntilAsync(state => state.Minutes("in").Sum() == 0);
        Assert.Equal(2, stream.ReadState(p => p.Today("in")));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await stream.WaitUntilAsync(state => state.Today("in") == 0);
        await app.VisitAsync("in", 1, "shop.example");
        await stream.WaitUntilAsync(state => state.Today("in") == 1, _clock);

        Assert.Equal(3, stream.ReadState(p => p.Total("in")));
    }

    [Fact]
    public async Task A_clock_that_jumps_and_comes_back_finds_the_same_state()
    {
        await using var app = FootfallApp.Start(_clock);
        await app.VisitAsync("us", 2);
        await using var stream = await SseStream.OpenAsync(app);
        await stream.WaitUntilAsync(state => state.Total("us") == 2, _clock);
        var now = _clock.GetUtcNow();
        var before = stream.ReadState(p => p.ToString());

        foreach (var jump in new[] { TimeSpan.FromDays(1), TimeSpan.FromDays(-1), TimeSpan.FromHours(-1), TimeSpan.FromDays(400) })
        {
            _clock.AdjustTime(now + jump);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await stream.WaitUntilAsync(state => state.Active("us") == 0 && state.Minutes("us").Sum() == 0);
            Assert.Equal(2, stream.ReadState(p => p.Total("us")));
            _clock.AdjustTime(now);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await stream.WaitUntilAsync(state => state.ToString() == before);
        }
        await app.VisitAsync("us");
        await stream.WaitUntilAsync(state => state.Minutes("us").Sum() == 3 && state.Active("us") == 3 && state.Today("us") == 3, _clock);
    }

    [Fact]
    public async Task A_client_that_was_away_for_too_long_gets_a_snapshot()
    {
        await using var app = FootfallApp.Start(_clock);
        await app.VisitAsync("us");
        await using var stays = await SseStream.OpenAsync(app);
        await stays.WaitForCountAsync(1);
        var id = stays.Events[0].Id;
        // A minute that ends is a message.
        for (var i = 0; i <= MessageRing.MaxMessages; i++)
        {
            _clock.AdjustTime(_clock.GetUtcNow().AddMinutes(1));
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            // In step with the subscriber that stays, so that no message waits in a buffer while the clock runs on.
            await stays.WaitForCountAsync(i + 2);
        }

        await using var back = await SseStream.OpenAsync(app, lastEventId: id);
        await back.WaitForCountAsync(1);

        Assert.Equal("snapshot", back.Events[0].Name);
        Assert.Equal(stays.ReadState(p => p.ToString()), back.ReadState(p => p.ToString()));
    }
}
