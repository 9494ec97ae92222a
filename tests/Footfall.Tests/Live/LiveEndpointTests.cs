using Footfall.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Live;

public sealed class LiveEndpointTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 10, TimeSpan.Zero));

    [Fact]
    public async Task A_stream_begins_with_a_snapshot_of_what_was_counted()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("us", 3);
        await app.VisitAsync("uk");
        await using var stream = await SseStream.OpenAsync(app);

        // The live state is updated after the response to the visit; what the snapshot lacks arrives as a change.
        await stream.WaitUntilAsync(state => state.Total("us") == 3 && state.Total("gb") == 1);

        Assert.Equal("snapshot", stream.Events[0].Name);
        Assert.Equal((3, 1), stream.ReadState(p => (p.Today("us"), p.Today("gb"))));
        Assert.Equal((3, 1), stream.ReadState(p => (p.Active("us"), p.Active("gb"))));
        Assert.Equal((3, 1), stream.ReadState(p => (p.Minutes("us").Sum(), p.Minutes("gb").Sum())));
        Assert.Equal(1, stream.Retries);
    }

    [Fact]
    public async Task The_answer_is_an_uncached_and_unbuffered_event_stream()
    {
        await using var app = FootfallApp.Start();
        await using var stream = await SseStream.OpenAsync(app);

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", stream.Response.Headers.CacheControl!.ToString());
        Assert.Equal("no", Assert.Single(stream.Response.Headers.GetValues("X-Accel-Buffering")));
        Assert.Empty(stream.Response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_visit_that_somebody_else_posts_comes_as_a_change_of_just_what_changed()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("fr", 2);
        await using var stream = await SseStream.OpenAsync(app);
        await stream.WaitUntilAsync(state => state.Total("fr") == 2);
        var before = stream.Events.Count;

        await app.VisitAsync("us");
        await stream.WaitUntilAsync(state => state.Total("us") == 1);

        var changes = stream.Events.Skip(before).ToList();
        Assert.All(changes, change => Assert.Equal("change", change.Name));
        Assert.All(changes, change => Assert.DoesNotContain("fr", change.Data));
        Assert.Equal((1, 1, 1), stream.ReadState(p => (p.Today("us"), p.Active("us"), p.Minutes("us").Sum())));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_comes_back_gets_what_it_missed_without_gap_or_repeat(bool byHeader)
    {
        await using var app = FootfallApp.Start();
        var client = new LiveStateClient();
        string id;
        long last;
        await using (var first = await SseStream.OpenAsync(app, client: client))
        {
            await app.VisitAsync("us");
            await first.WaitUntilAsync(state => state.Total("us") == 1);
            (id, last) = (first.Events[^1].Id, first.Events[^1].Sequence);
        }
        await using var other = await SseStream.OpenAsync(app);
        for (var i = 1; i <= 3; i++)
        {
            await app.VisitAsync("de");
            await other.WaitUntilAsync(state => state.Total("de") == i);
        }

        await using var second = byHeader
            ? await SseStream.OpenAsync(app, lastEventId: id, client: client)
            : await SseStream.OpenAsync(app, $"?lastEventId={id}", client: client);
        await second.WaitUntilAsync(state => state.Total("de") == 3);

        Assert.All(second.Events, message => Assert.Equal("change", message.Name));
        Assert.Equal(Enumerable.Range(1, second.Events.Count).Select(i => last + i), second.Events.Select(message => message.Sequence));
        Assert.Equal(1, second.ReadState(p => p.Total("us")));
        Assert.Equal(other.ReadState(p => p.ToString()), second.ReadState(p => p.ToString()));
    }

    [Fact]
    public async Task The_only_subscriber_comes_back_and_gets_what_it_missed_meanwhile()
    {
        await using var app = FootfallApp.Start();
        var client = new LiveStateClient();
        string id;
        await app.VisitAsync("us");
        await using (var first = await SseStream.OpenAsync(app, client: client))
        {
            await first.WaitUntilAsync(state => state.Total("us") == 1);
            id = first.Events[^1].Id;
        }
        await app.VisitAsync("us", 4);

        await using var second = await SseStream.OpenAsync(app, lastEventId: id, client: client);
        await second.WaitUntilAsync(state => state.Total("us") == 5);

        Assert.All(second.Events, message => Assert.Equal("change", message.Name));
    }

    [Theory]
    [InlineData("0123456789abcdef-1")]
    [InlineData("-1")]
    [InlineData("{epoch}-")]
    [InlineData("{epoch}--1")]
    [InlineData("{epoch}-99999999999999999999999999")]
    [InlineData("{epoch}-1000000")]
    [InlineData("nonsense")]
    public async Task An_id_that_is_not_of_this_stream_gets_a_snapshot(string id)
    {
        await using var app = FootfallApp.Start();
        await using var first = await SseStream.OpenAsync(app);
        await first.WaitForCountAsync(1);
        var epoch = first.Events[0].Id.Split('-')[0];

        await using var second = await SseStream.OpenAsync(app, lastEventId: id.Replace("{epoch}", epoch));
        await second.WaitForCountAsync(1);

        Assert.Equal("snapshot", second.Events[0].Name);
    }

    [Fact]
    public async Task All_watchers_get_the_same_messages()
    {
        await using var app = FootfallApp.Start();
        var streams = new List<SseStream>();
        for (var i = 0; i < 20; i++) streams.Add(await SseStream.OpenAsync(app));
        foreach (var stream in streams) await stream.WaitForCountAsync(1);
        // All start from the same snapshot, so that all receive the same changes.
        var joined = streams.Max(stream => stream.Events[0].Sequence);
        for (var i = 1; i <= 3; i++)
        {
            await app.VisitAsync("jp");
            foreach (var stream in streams) await stream.WaitUntilAsync(state => state.Total("jp") == i);
        }

        var changes = streams.Select(stream =>
            stream.Events.Where(message => message.Name == "change" && message.Sequence > joined).Take(3)).ToList();
        Assert.All(changes, these => Assert.Equal(changes[0], these));
        Assert.Equal(3, changes[0].Count());
        foreach (var stream in streams) await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_is_about_one_site()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("us", site: "shop.example");
        await using var shop = await SseStream.OpenAsync(app, "?site=SHOP.example");
        await using var main = await SseStream.OpenAsync(app, "?site=default");

        await app.VisitAsync("fr");
        await app.VisitAsync("us", site: "shop.example");
        await shop.WaitUntilAsync(state => state.Total("us") == 2);
        await main.WaitUntilAsync(state => state.Total("fr") == 1);

        Assert.Contains("\"site\":\"shop.example\"", shop.Events[0].Data);
        Assert.Equal(0, shop.ReadState(p => p.Total("fr")));
        Assert.Equal(0, main.ReadState(p => p.Total("us")));
    }

    [Fact]
    public async Task A_site_without_a_hit_has_an_empty_state_is_not_registered_and_changes_with_its_first_visit()
    {
        await using var app = FootfallApp.Start();
        await using var stream = await SseStream.OpenAsync(app, "?site=new.example");
        await stream.WaitForCountAsync(1);
        Assert.False(app.Services.GetRequiredService<SiteRegistry>().TryGet("new.example", out _));

        await app.VisitAsync("it", site: "new.example");
        await stream.WaitUntilAsync(state => state.Total("it") == 1);

        Assert.Contains("\"total\":{}", stream.Events[0].Data);
        Assert.Equal("change", stream.Events[^1].Name);
    }

    [Theory]
    [InlineData("?site=a..b", "INVALID_SITE")]
    [InlineData("?site=shop.example&site=other.example", "INVALID_SITE")]
    [InlineData("?site=%00", "INVALID_SITE")]
    public async Task A_malformed_site_is_refused(string query, string code)
    {
        await using var app = FootfallApp.Start();
        using var response = await app.Http.GetAsync("/api/v1/stats/live" + query, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains(code, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task After_a_restart_the_live_state_is_as_before()
    {
        using var data = new TemporaryDirectory();
        string before;
        await using (var app = FootfallApp.Start(_clock, data.Path))
        {
            await app.VisitAsync("us", 2);
            await app.VisitAsync("fr");
            await using var stream = await SseStream.OpenAsync(app);
            await stream.WaitUntilAsync(state => state.Total("us") == 2 && state.Total("fr") == 1, _clock);
            before = stream.ReadState(p => p.ToString());
        }

        await using var again = FootfallApp.Start(_clock, data.Path);
        await using var second = await SseStream.OpenAsync(again);
        await second.WaitForCountAsync(1);

        Assert.Equal(before, second.ReadState(p => p.ToString()));
    }

    [Fact]
    public async Task A_stop_ends_the_streams_with_a_reconnection_time()
    {
        await using var app = FootfallApp.Start();
        await using var stream = await SseStream.OpenAsync(app);
        await stream.WaitForCountAsync(1);

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await stream.Reading.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(2, stream.Retries);
    }
}
