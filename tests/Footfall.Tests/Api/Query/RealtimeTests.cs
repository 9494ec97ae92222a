
namespace Footfall.Tests.Api.Query;

/// <summary>The last minutes come from the live state.</summary>
public sealed class RealtimeTests
{
    [Fact]
    public async Task Visits_of_half_an_hour_are_those_of_the_stream_by_country_and_minute()
    {
        await using var app = QueryApp.Start();
        await app.App.VisitAsync("de", 2, "berlin.example");
        app.Time.Advance(TimeSpan.FromMinutes(20));
        await app.App.VisitAsync("us", 3, "berlin.example");
        app.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal("""[{"metrics":[5],"dimensions":[]}]""", await ResultsAsync(app, "\"date_range\":\"30m\",\"metrics\":[\"visits\"]"));
        Assert.Equal("""[{"metrics":[3],"dimensions":["United States"]},{"metrics":[2],"dimensions":["Germany"]}]""",
            await ResultsAsync(app, "\"date_range\":\"30m\",\"metrics\":[\"visits\"],\"dimensions\":[\"visit:country_name\"]"));
        Assert.Equal(
            """[{"metrics":[2],"dimensions":["2024-09-10 15:30:00","DE"]},{"metrics":[3],"dimensions":["2024-09-10 15:50:00","US"]}]""",
            await ResultsAsync(app, "\"date_range\":\"30m\",\"metrics\":[\"visits\"],\"dimensions\":[\"time:minute\",\"visit:country\"]"));
        app.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("""[{"metrics":[3],"dimensions":[]}]""", await ResultsAsync(app, "\"date_range\":\"30m\",\"metrics\":[\"visits\"]"));
        Assert.Empty(app.History.Queries);
    }

    [Fact]
    public async Task Visitors_of_realtime_are_the_active_ones()
    {
        await using var app = QueryApp.Start();
        await app.App.VisitAsync("de", 2, "dummy.site");
        app.Time.Advance(TimeSpan.FromMinutes(4));
        await app.App.VisitAsync("us", 3, "dummy.site");
        Assert.Equal("""[{"metrics":[5,5],"dimensions":[]}]""",
            await ResultsAsync(app, "\"date_range\":\"realtime\",\"metrics\":[\"visitors\",\"visits\"]", "dummy.site"));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("""[{"metrics":[3],"dimensions":["US"]}]""",
            await ResultsAsync(app, "\"date_range\":\"realtime\",\"dimensions\":[\"visit:country\"]", "dummy.site"));
        Assert.Empty(app.History.Queries);
    }

    [Fact]
    public async Task No_visitors_give_a_row_of_zeros()
    {
        await using var app = QueryApp.Start();
        Assert.Equal("""[{"metrics":[0],"dimensions":[]}]""", await ResultsAsync(app, "\"date_range\":\"realtime\""));
        Assert.Equal("[]", await ResultsAsync(app, "\"date_range\":\"realtime\",\"dimensions\":[\"visit:country\"]"));
    }

    [Theory]
    [InlineData("\"date_range\":\"30m\",\"metrics\":[\"visitors\"]")]
    [InlineData("\"date_range\":\"30m\",\"metrics\":[\"visits\",\"pageviews\"]")]
    [InlineData("\"date_range\":\"30m\",\"metrics\":[\"visits\"],\"dimensions\":[\"event:page\"]")]
    [InlineData("\"date_range\":\"30m\",\"metrics\":[\"visits\"],\"filters\":[[\"is\",\"visit:os\",[\"Mac\"]]]")]
    [InlineData("\"date_range\":\"realtime\",\"metrics\":[\"visitors\"],\"dimensions\":[\"time:minute\"]")]
    public async Task What_the_live_state_lacks_is_queried_from_the_history(string query)
    {
        await using var app = QueryApp.Start();
        await app.QueryWithAsync(query);
        Assert.Single(app.History.Queries);
    }

    [Fact]
    public async Task Minutes_have_labels()
    {
        await using var app = QueryApp.Start();
        var response = await app.QueryWithAsync(
            "\"date_range\":\"30m\",\"metrics\":[\"visits\"],\"dimensions\":[\"time\"],\"include\":{\"time_labels\":true}",
            "kathmandu.example");
        var labels = response["meta"]!["time_labels"]!.AsArray().Select(label => (string)label!).ToList();
        Assert.Equal(30, labels.Count);
        Assert.Equal(("2024-09-10 18:46:00", "2024-09-10 19:15:00"), (labels[0], labels[^1]));
    }

    private static async Task<string> ResultsAsync(QueryApp app, string query, string site = "berlin.example") =>
        (await app.QueryWithAsync(query, site))["results"]!.ToJsonString();
}
