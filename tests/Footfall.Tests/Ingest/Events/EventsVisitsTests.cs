using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Ingest.Events;

/// <summary>Which hits are visits.</summary>
public sealed class EventsVisitsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));

    private static string Page(string more = "") => $$"""{"url":"https://shop.example/","country":"us"{{more}}}""";

    [Fact]
    public async Task A_bare_visit_is_always_a_visit_of_its_own()
    {
        await using var app = FootfallApp.Start(_time);
        (await app.PostEventsAsync(
            """[{"name":"visit","country":"us"},{"name":"visit","country":"us"},{"name":"visit","country":"us"}]""")).AssertBatch(
                accepted: 3);
        Assert.Equal(3, app.GetVisits("US"));
    }

    [Fact]
    public async Task Hits_of_one_visitor_are_one_visit_until_30_minutes_pass_without_one()
    {
        await using var app = FootfallApp.Start(_time);
        foreach (var (minutes, visits) in new[] { (0, 1), (30, 1), (30, 1), (31, 2), (29, 2) })
        {
            _time.Advance(TimeSpan.FromMinutes(minutes));
            (await app.PostEventsAsync(Page())).AssertBatch(accepted: 1);
            Assert.Equal(visits, app.GetVisits("US"));
        }
    }

    [Fact]
    public async Task Every_kind_of_hit_keeps_a_visit_open()
    {
        await using var app = FootfallApp.Start(_time);
        foreach (var name in new[] { "page_view", "view_item", "add_to_cart", "remove_from_cart", "begin_checkout", "purchase", "refund",
            "newsletter", "Purchase" })
        {
            (await app.PostEventsAsync($$"""{"name":"{{name}}","country":"us"}""")).AssertBatch(accepted: 1);
            _time.Advance(TimeSpan.FromMinutes(20));
        }
        Assert.Equal(1, app.GetVisits("US"));
    }

    [Fact]
    public async Task The_times_of_the_hits_decide_and_not_when_they_came()
    {
        await using var app = FootfallApp.Start(_time);
        (await app.PostEventsAsync(
            $"[{Page(",\"timestamp\":\"2026-11-24T08:00:00Z\"")},{Page(",\"timestamp\":\"2026-11-24T08:30:00Z\"")}," +
            $"{Page(",\"timestamp\":\"2026-11-24T09:00:01Z\"")}]")).AssertBatch(accepted: 3);
        Assert.Equal(2, app.GetVisits("US"));
    }

    [Fact]
    public async Task A_visit_is_of_one_site_and_counted_for_the_country_of_its_first_hit()
    {
        await using var app = FootfallApp.Start(_time);
        (await app.PostEventsAsync($"[{Page()},{Page(",\"country\":\"fr\"")},{Page(",\"site\":\"shop.example\"")}]")).AssertBatch(
            accepted: 3);
        Assert.Equal((1, 0, 1), (app.GetVisits("US"), app.GetVisits("FR"), app.GetVisits("US", "shop.example")));
    }

    [Fact]
    public async Task A_duplicate_opens_no_visit()
    {
        await using var app = FootfallApp.Start(_time);
        (await app.PostEventsAsync(Page(",\"id\":\"1\""))).AssertBatch(accepted: 1);
        _time.Advance(TimeSpan.FromHours(1));
        (await app.PostEventsAsync(Page(",\"id\":\"1\""))).AssertBatch(accepted: 0, duplicates: 1);
        Assert.Equal(1, app.GetVisits("US"));
    }
}
