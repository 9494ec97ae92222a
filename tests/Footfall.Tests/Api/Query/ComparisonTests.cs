using System.Text.Json.Nodes;
using Footfall.Common;
using Footfall.History;
using static Footfall.Tests.Api.Query.FakeHistory;

namespace Footfall.Tests.Api.Query;

/// <summary><c>include.comparisons</c>, on Tuesday, 10 September 2024.</summary>
public sealed class ComparisonTests
{
    [Theory]
    [InlineData("7d", """{"mode":"previous_period"}""", "2024-08-28", "2024-09-03")]
    [InlineData("day", """{"mode":"previous_period"}""", "2024-09-09", "2024-09-09")]
    // Ten days of the current month have passed.
    [InlineData("month", """{"mode":"previous_period"}""", "2024-08-22", "2024-08-31")]
    [InlineData("month", """{"mode":"year_over_year"}""", "2023-09-01", "2023-09-10")]
    [InlineData("7d", """{"mode":"year_over_year"}""", "2023-09-04", "2023-09-10")]
    // 4 September is a Wednesday in 2024, and a Monday in 2023: the next Wednesday is nearer than the last.
    [InlineData("7d", """{"mode":"year_over_year","match_day_of_week":true}""", "2023-09-06", "2023-09-12")]
    // 30 days before Monday, 12 August, is Saturday, 13 July: the nearest Monday follows two days later.
    [InlineData("30d", """{"mode":"previous_period","match_day_of_week":true}""", "2024-07-15", "2024-08-13")]
    // The nearest Tuesday to Monday is the day itself, which is not compared with itself.
    [InlineData("day", """{"mode":"previous_period","match_day_of_week":true}""", "2024-09-03", "2024-09-03")]
    [InlineData("7d", """{"mode":"custom","date_range":["2024-01-01","2024-01-07"]}""", "2024-01-01", "2024-01-07")]
    public async Task The_period_compared_with(string range, string comparison, string first, string last)
    {
        await using var app = QueryApp.Start();
        await app.QueryWithAsync($"\"date_range\":\"{range}\",\"include\":{{\"comparisons\":{comparison}}}");
        var days = app.History.LastQuery.Period.Days!.Value;
        Assert.Equal((first, last), (Date(days.First), Date(days.Last)));
        Assert.Equal(2, app.History.Queries.Count);
    }

    [Fact]
    public async Task Hours_are_compared_with_as_many_hours_before()
    {
        await using var app = QueryApp.Start();
        await app.QueryWithAsync("\"date_range\":\"24h\",\"include\":{\"comparisons\":{\"mode\":\"previous_period\"}}");
        var periods = app.History.Queries.Select(question => question.Period).ToList();
        Assert.Equal(periods[0].From, periods[1].Until);
        Assert.Equal(periods[0].Until - periods[0].From, periods[1].Until - periods[1].From);
    }

    [Theory]
    [InlineData("revenue", "0.000001", "999999999999", 1_000_000_000_000_000)]
    [InlineData("net_revenue", "0.000001", "-999999999999", -1_000_000_000_000_000)]
    [InlineData("revenue", "0.01", "1", 9_900)]
    public async Task A_change_from_next_to_nothing_stops_at_a_bound(string metric, string before, string now, long change)
    {
        await using var app = QueryApp.Start();
        StatsRow Of(string amount) =>
            Row([], new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), "EUR", []));
        SetRows(app, [Of(now)], [Of(before)]);
        var response = await app.QueryWithAsync(
            $"\"metrics\":[\"{metric}\"],\"include\":{{\"comparisons\":{{\"mode\":\"previous_period\"}}}}");
        Assert.Equal(change, (long)response["results"]![0]!["comparison"]!["change"]![0]!);
    }

    [Fact]
    public async Task Changes_are_in_points_where_Plausible_has_them()
    {
        await using var app = QueryApp.Start();
        SetRows(app, [Row(["/"], 30.0, 30.0, 30.0)], [Row(["/"], 20.0, 20.0, 20.0)]);
        var response = await app.QueryWithAsync(
            "\"metrics\":[\"bounce_rate\",\"percentage\",\"conversion_rate\"],\"dimensions\":[\"visit:source\"],\"filters\":[[\"is\"," +
            "\"event:goal\",[\"purchase\"]]],\"include\":{\"comparisons\":{\"mode\":\"previous_period\"}}");
        Assert.Equal("[10,50,10]", response["results"]![0]!["comparison"]!["change"]!.ToJsonString());
    }

    [Fact]
    public async Task Rows_are_compared_by_their_dimensions()
    {
        await using var app = QueryApp.Start();
        SetRows(app,
            [Row(["Google"], 150L, 40.0, new Money(20m, "EUR", [("EUR", 20m)])), Row([""], 3L, 10.5, null)],
            [Row(["Google"], 100L, 50.0, new Money(10m, "EUR", [("EUR", 10m)])), Row(["Bing"], 9L, 1.0, null)]);
        var response = await app.QueryWithAsync(
            "\"metrics\":[\"visitors\",\"bounce_rate\",\"revenue\"],\"dimensions\":[\"visit:source\"]," +
            "\"include\":{\"comparisons\":{\"mode\":\"previous_period\"}}");
        var rows = response["results"]!;
        Same("""{"dimensions":["Google"],"metrics":[100,50,{"value":10,"currency":"EUR","by_currency":{"EUR":10}}],"change":[50,-10,""" +
            """100]}""", rows[0]!["comparison"]!);
        Same("""{"dimensions":["Direct / None"],"metrics":[0,0,null],"change":[100,null,null]}""", rows[1]!["comparison"]!);
        Same("""{"comparisons":{"mode":"previous_period"}}""", response["query"]!["include"]!);
        Assert.Equal((100_000, 0), (app.History.LastQuery.Limit, app.History.LastQuery.Offset));
    }

    [Fact]
    public async Task By_time_the_first_bucket_belongs_to_the_first_and_each_has_a_row()
    {
        await using var app = QueryApp.Start();
        SetRows(app, [Row(["2024-09-05"], 4L)], [Row(["2024-08-28"], 7L), Row(["2024-08-29"], 8L)]);
        var response = await app.QueryWithAsync(
            "\"dimensions\":[\"time:day\"],\"include\":{\"comparisons\":{\"mode\":\"previous_period\"}}");
        var rows = response["results"]!.AsArray();
        Assert.Equal(["2024-09-04", "2024-09-05", "2024-09-06", "2024-09-07", "2024-09-08", "2024-09-09", "2024-09-10"],
            rows.Select(row => (string)row!["dimensions"]![0]!));
        Same("""{"metrics":[0],"dimensions":["2024-09-04"],"comparison":{"dimensions":["2024-08-28"],"metrics":[7],"change":[-100]}}""",
            rows[0]!);
        Same("""{"metrics":[4],"dimensions":["2024-09-05"],"comparison":{"dimensions":["2024-08-29"],"metrics":[8],"change":[-50]}}""",
            rows[1]!);
    }

    [Fact]
    public async Task A_bucket_without_counterpart_is_compared_with_nothing()
    {
        await using var app = QueryApp.Start();
        SetRows(app, [Row(["2024-09-10"], 4L)], [Row(["2024-08-31"], 7L)]);
        // September has thirty days; ten have passed.
        var response = await app.QueryWithAsync(
            "\"date_range\":\"month\",\"dimensions\":[\"time:day\"],\"include\":{\"comparisons\":{\"mode\":\"previous_period\"}}");
        var rows = response["results"]!.AsArray();
        Assert.Equal(30, rows.Count);
        Same("""{"dimensions":["2024-08-31"],"metrics":[7],"change":[-43]}""", rows[9]!["comparison"]!);
        Same("""{"dimensions":[null],"metrics":[0],"change":[0]}""", rows[10]!["comparison"]!);
    }

    private static void SetRows(QueryApp app, StatsRow[] now, StatsRow[] before)
    {
        var asked = 0;
        app.History.OnQuery = (_, _) => Task.FromResult(new StatsResult(asked++ == 0 ? now : before));
    }

    private static string Date(int day) =>
        new DateOnly(1970, 1, 1).AddDays(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static void Same(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nanswered {actual.ToJsonString()}");
}
