using System.Text.Json.Nodes;

namespace Footfall.Tests.Api.Query;

public sealed class DateRangeTests
{
    /// <summary>On Tuesday, 10 September 2024, at 13:30:00 UTC: 15:30 in Berlin, 19:15 in Kathmandu.</summary>
    [Theory]
    [InlineData("\"day\"", "dummy.site", "2024-09-10T00:00:00+00:00", "2024-09-10T23:59:59+00:00")]
    [InlineData("\"24h\"", "dummy.site", "2024-09-09T13:30:00+00:00", "2024-09-10T13:30:00+00:00")]
    [InlineData("\"7d\"", "dummy.site", "2024-09-04T00:00:00+00:00", "2024-09-10T23:59:59+00:00")]
    [InlineData("\"1d\"", "dummy.site", "2024-09-10T00:00:00+00:00", "2024-09-10T23:59:59+00:00")]
    [InlineData("\"28d\"", "dummy.site", "2024-08-14T00:00:00+00:00", "2024-09-10T23:59:59+00:00")]
    [InlineData("\"30d\"", "dummy.site", "2024-08-12T00:00:00+00:00", "2024-09-10T23:59:59+00:00")]
    [InlineData("\"91d\"", "dummy.site", "2024-06-12T00:00:00+00:00", "2024-09-10T23:59:59+00:00")]
    [InlineData("\"month\"", "dummy.site", "2024-09-01T00:00:00+00:00", "2024-09-30T23:59:59+00:00")]
    [InlineData("\"6mo\"", "dummy.site", "2024-04-01T00:00:00+00:00", "2024-09-30T23:59:59+00:00")]
    [InlineData("\"12mo\"", "dummy.site", "2023-10-01T00:00:00+00:00", "2024-09-30T23:59:59+00:00")]
    [InlineData("\"1mo\"", "dummy.site", "2024-09-01T00:00:00+00:00", "2024-09-30T23:59:59+00:00")]
    [InlineData("\"year\"", "dummy.site", "2024-01-01T00:00:00+00:00", "2024-12-31T23:59:59+00:00")]
    [InlineData("\"all\"", "dummy.site", "2024-09-10T00:00:00+00:00", "2024-09-10T23:59:59+00:00")]
    [InlineData("\"30m\"", "dummy.site", "2024-09-10T13:01:00+00:00", "2024-09-10T13:30:59+00:00")]
    [InlineData("\"realtime\"", "dummy.site", "2024-09-10T13:26:00+00:00", "2024-09-10T13:30:59+00:00")]
    [InlineData("[\"2024-01-01\",\"2024-07-01\"]", "dummy.site", "2024-01-01T00:00:00+00:00", "2024-07-01T23:59:59+00:00")]
    [InlineData("[\"2024-01-01\",\"2024-07-01\"]", "berlin.example", "2024-01-01T00:00:00+01:00", "2024-07-01T23:59:59+02:00")]
    [InlineData("[\"2024-01-01T12:00:00+02:00\",\"2024-01-01T15:59:59+02:00\"]", "dummy.site", "2024-01-01T10:00:00+00:00",
        "2024-01-01T13:59:59+00:00")]
    [InlineData("[\"2024-01-01T12:00:00+02:00\",\"2024-01-01T15:59:59+02:00\"]", "berlin.example", "2024-01-01T11:00:00+01:00",
        "2024-01-01T14:59:59+01:00")]
    [InlineData("[\"2024-01-01T12:00:00.750Z\",\"2024-01-01T12:00:00.999Z\"]", "dummy.site", "2024-01-01T12:00:00+00:00",
        "2024-01-01T12:00:00+00:00")]
    [InlineData("\"day\"", "kathmandu.example", "2024-09-10T00:00:00+05:45", "2024-09-10T23:59:59+05:45")]
    // The clock of Santiago went forward at midnight two days before: that day began at 01:00.
    [InlineData("[\"2024-09-08\",\"2024-09-08\"]", "santiago.example", "2024-09-08T01:00:00-03:00", "2024-09-08T23:59:59-03:00")]
    public async Task It_is_echoed_with_its_first_and_last_second(string range, string site, string first, string last)
    {
        await using var app = QueryApp.Start();
        var response = await app.QueryWithAsync($"\"date_range\":{range}", site);
        Assert.Equal([first, last], Texts(response["query"]!["date_range"]!));
        if (range is "\"30m\"" or "\"realtime\"" && app.History.Queries.IsEmpty) return;
        var period = app.History.LastQuery.Period;
        Assert.Equal((first, last), (Write(period.From, first), Write(period.Until - 1000, last)));
    }

    [Theory]
    [InlineData("\"7d\"", true)]
    [InlineData("\"month\"", true)]
    [InlineData("\"24h\"", false)]
    [InlineData("[\"2024-01-01T00:00:00Z\",\"2024-01-01T23:59:59Z\"]", false)]
    public async Task Whole_days_are_marked_for_the_history(string range, bool whole)
    {
        await using var app = QueryApp.Start();
        await app.QueryWithAsync($"\"date_range\":{range}");
        Assert.Equal(whole, app.History.LastQuery.Period.Days is not null);
    }

    [Fact]
    public async Task All_begins_with_the_first_hit_by_the_clock_of_the_site()
    {
        await using var app = QueryApp.Start();
        app.History.FirstHit = DateTimeOffset.Parse("2022-09-22T22:30:00Z", System.Globalization.CultureInfo.InvariantCulture)
            .ToUnixTimeMilliseconds();
        var response = await app.QueryWithAsync("\"date_range\":\"all\"", "berlin.example");
        Assert.Equal(["2022-09-23T00:00:00+02:00", "2024-09-10T23:59:59+02:00"], Texts(response["query"]!["date_range"]!));
    }

    [Fact]
    public async Task Today_is_that_of_the_site()
    {
        await using var app = QueryApp.Start("2024-09-10T22:30:00Z");
        var response = await app.QueryWithAsync("\"date_range\":\"day\"", "berlin.example");
        Assert.Equal("2024-09-11T00:00:00+02:00", Texts(response["query"]!["date_range"]!)[0]);
    }

    [Fact]
    public async Task A_date_moves_the_shorthands()
    {
        await using var app = QueryApp.Start();
        var response = await app.QueryWithAsync("\"date_range\":\"month\",\"date\":\"2024-02-11\"");
        Assert.Equal(["2024-02-01T00:00:00+00:00", "2024-02-29T23:59:59+00:00"], Texts(response["query"]!["date_range"]!));
    }

    [Theory]
    [InlineData("\"day\"", "time:hour")]
    [InlineData("\"24h\"", "time:hour")]
    [InlineData("[\"2024-09-09\",\"2024-09-10\"]", "time:hour")]
    [InlineData("[\"2024-09-08\",\"2024-09-10\"]", "time:day")]
    [InlineData("\"7d\"", "time:day")]
    [InlineData("\"40d\"", "time:day")]
    [InlineData("\"91d\"", "time:week")]
    [InlineData("\"12mo\"", "time:week")]
    [InlineData("[\"2023-01-01\",\"2024-09-10\"]", "time:month")]
    [InlineData("\"30m\"", "time:minute")]
    public async Task Time_becomes_the_bucket_that_fits(string range, string bucket)
    {
        await using var app = QueryApp.Start();
        var response = await app.QueryWithAsync($"\"date_range\":{range},\"dimensions\":[\"time\"]");
        Assert.Equal([bucket], Texts(response["query"]!["dimensions"]!));
        Assert.Equal(bucket, (string?)response["query"]!["order_by"]![0]![0]);
    }

    [Theory]
    // The hour from 2 to 3 is missing, or occurs twice.
    [InlineData("berlin.example", "2024-03-31", 23, "02")]
    [InlineData("berlin.example", "2024-10-27", 24, null)]
    [InlineData("santiago.example", "2024-09-08", 23, "00")]
    [InlineData("kathmandu.example", "2024-09-08", 24, null)]
    public async Task Hours_of_days_when_the_clock_is_changed(string site, string day, int count, string? missing)
    {
        await using var app = QueryApp.Start();
        var response = await app.QueryWithAsync(
            $"\"date_range\":[\"{day}\",\"{day}\"],\"dimensions\":[\"time:hour\"],\"include\":{{\"time_labels\":true}}", site);
        var expected = Enumerable.Range(0, 24).Select(hour => $"{hour:00}").Where(hour => hour != missing)
            .Select(hour => $"{day} {hour}:00:00").ToList();
        Assert.Equal(count, expected.Count);
        Assert.Equal(expected, Texts(response["meta"]!["time_labels"]!));
    }

    [Fact]
    public async Task A_day_of_25_hours_has_25_hours()
    {
        await using var app = QueryApp.Start();
        await app.QueryWithAsync("\"date_range\":[\"2024-10-27\",\"2024-10-27\"]", "berlin.example");
        var period = app.History.LastQuery.Period;
        Assert.Equal(25 * 3_600_000L, period.Until - period.From);
    }

    [Fact]
    public async Task Weeks_are_ISO_weeks_and_the_first_is_named_after_the_first_day()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(FakeHistory.Row(["2024-12-23"], 1L), FakeHistory.Row(["2024-12-30"], 2L));
        var response = await app.QueryWithAsync(
            "\"date_range\":[\"2024-12-25\",\"2025-01-07\"],\"dimensions\":[\"time:week\"],\"include\":{\"time_labels\":true}");
        Assert.Equal(["2024-12-25", "2024-12-30", "2025-01-06"], Texts(response["meta"]!["time_labels"]!));
        Assert.Equal(["2024-12-25", "2024-12-30"], response["results"]!.AsArray().Select(row => (string)row!["dimensions"]![0]!));
    }

    [Fact]
    public async Task Months_are_named_after_their_first_day()
    {
        await using var app = QueryApp.Start();
        var response = await app.QueryWithAsync(
            "\"date_range\":[\"2024-01-31\",\"2024-03-01\"],\"dimensions\":[\"time:month\"],\"include\":{\"time_labels\":true}");
        Assert.Equal(["2024-01-01", "2024-02-01", "2024-03-01"], Texts(response["meta"]!["time_labels"]!));
    }

    [Fact]
    public async Task Days_have_a_label_each()
    {
        await using var app = QueryApp.Start();
        var response = await app.QueryWithAsync(
            "\"date_range\":[\"2024-03-30\",\"2024-04-01\"],\"dimensions\":[\"time:day\"],\"include\":{\"time_labels\":true}",
            "berlin.example");
        Assert.Equal(["2024-03-30", "2024-03-31", "2024-04-01"], Texts(response["meta"]!["time_labels"]!));
    }

    private static List<string> Texts(JsonNode list) => [.. list.AsArray().Select(text => (string)text!)];

    /// <summary>With the offset of another text.</summary>
    private static string Write(long moment, string like)
    {
        var offset = DateTimeOffset.Parse(like, System.Globalization.CultureInfo.InvariantCulture).Offset;
        return DateTimeOffset.FromUnixTimeMilliseconds(moment).ToOffset(offset)
            .ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);
    }
}
