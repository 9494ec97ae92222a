using System.Text.Json.Nodes;
using Footfall.Common;
using Footfall.History;
using static Footfall.Tests.Api.Query.FakeHistory;

namespace Footfall.Tests.Api.Query;

/// <summary>
/// The examples of Plausible's documentation (https://plausible.io/docs/stats-api#examples), on the day on which they were made.
/// </summary>
public sealed class PlausibleExamplesTests
{
    private const string Week = """["2024-09-04T00:00:00+00:00","2024-09-10T23:59:59+00:00"]""";

    [Fact]
    public async Task Aggregate()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row([], 944L, 1797L));
        var response = await app.QueryAsync("""{"site_id":"dummy.site","metrics":["visitors","events"],"date_range":"7d"}""");
        Same($$"""
            {"results":[{"metrics":[944,1797],"dimensions":[]}],"meta":{},
             "query":{"site_id":"dummy.site","metrics":["visitors","events"],"date_range":{{Week}},"filters":[],"dimensions":[],
                      "order_by":[["visitors","desc"]],"include":{},"pagination":{"offset":0,"limit":10000} } }
            """, response);
        Assert.Equal([Metric.Visitors, Metric.Events], app.History.LastQuery.Metrics);
        Assert.Null(app.History.LastQuery.Filter);
    }

    [Fact]
    public async Task Custom_date_range()
    {
        await using var app = QueryApp.Start();
        var response = await app.QueryAsync("""{"site_id":"dummy.site","metrics":["visitors"],"date_range":["2024-08-01","2024-08-15"]}""");
        Same("""["2024-08-01T00:00:00+00:00","2024-08-15T23:59:59+00:00"]""", response["query"]!["date_range"]!);
    }

    [Fact]
    public async Task Country_and_city()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row(["EE"], 99L, 98L, 94.0), Row(["US"], 89L, 77L, 96.0));
        var response = await app.QueryAsync("""
            {"site_id":"dummy.site","metrics":["visitors","pageviews","bounce_rate"],"date_range":"7d",
             "filters":[["is_not","visit:country_name",[""]]],"dimensions":["visit:country_name","visit:city_name"]}
            """);
        Same("""[{"metrics":[99,98,94],"dimensions":["Estonia",""]},{"metrics":[89,77,96],"dimensions":["United States",""]}]""",
            response["results"]!);
        Same("""[["is_not","visit:country_name",[""]]]""", response["query"]!["filters"]!);
        Same("""["visit:country_name","visit:city_name"]""", response["query"]!["dimensions"]!);
        Assert.Equal([new Dimension(DimensionKind.Country)], app.History.LastQuery.Dimensions);
        Assert.Equal("not(Country is ZZ)", FilterFormatter.Format(app.History.LastQuery.Filter));
    }

    [Fact]
    public async Task Utm_medium_and_source()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row(["", "duckduckgo"], 320L, 382L, 297L), Row(["", ""], 169L, 185L, 147L));
        var response = await app.QueryAsync(
            """{"site_id":"dummy.site","metrics":["visitors","events","pageviews"],"date_range":"7d","dimensions":["visit:""" +
            """utm_medium","visit:utm_source"]}""");
        Same("""[{"metrics":[320,382,297],"dimensions":["(not set)","duckduckgo"]},{"metrics":[169,185,147],"dimensions":["(not """ +
            """set)","(not set)"]}]""", response["results"]!);
        Same("""[["visitors","desc"]]""", response["query"]!["order_by"]!);
    }

    [Fact]
    public async Task Filtering_by_page_and_country()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row([], 10L));
        const string Filters =
            """[["contains","event:page",["/docs","/pricing"]],["or",[["not",["is","visit:utm_campaign",["Referral"]]],""" +
            """["is","visit:country_name",["Estonia","United States of America"]]]]]""";
        var response = await app.QueryAsync(
            $$"""{"site_id":"dummy.site","metrics":["visitors"],"date_range":"7d","filters":{{Filters}}}""");
        Same("""[{"metrics":[10],"dimensions":[]}]""", response["results"]!);
        Same(Filters, response["query"]!["filters"]!);
        Assert.Equal("(Page contains /docs|/pricing and (not(UtmCampaign is Referral) or Country is EE|US))",
            FilterFormatter.Format(app.History.LastQuery.Filter));
    }

    [Fact]
    public async Task Case_insensitive_filtering()
    {
        await using var app = QueryApp.Start();
        await app.QueryAsync(
            """{"site_id":"dummy.site","metrics":["visitors"],"date_range":"7d","filters":[["contains","event:page",["blog"],""" +
            """{"case_sensitive":false}]]}""");
        Assert.Equal("Page contains/i blog", FilterFormatter.Format(app.History.LastQuery.Filter));
    }

    [Fact]
    public async Task Filtering_by_segment()
    {
        await using var app = QueryApp.Start(settings: [("Segments:0:Id", "2"),
            ("Segments:0:Filters", """[["has_not_done",["is","event:goal",["Signup"]]],["is","visit:source",["opensource.com"]]]""")]);
        var response = await app.QueryAsync(
            """{"site_id":"dummy.site","metrics":["visitors","events"],"filters":[["is","segment",[2]]],"date_range":"7d"}""");
        Same("""[{"metrics":[0,0],"dimensions":[]}]""", response["results"]!);
        Same("""[["has_not_done",["is","event:goal",["Signup"]]],["is","visit:source",["opensource.com"]]]""",
            response["query"]!["filters"]!);
        Assert.Equal("(not(done(Goal is Signup)) and Source is opensource.com)", FilterFormatter.Format(app.History.LastQuery.Filter));
    }

    [Fact]
    public async Task Timeseries()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row(["2024-09-04"], 129L, 144L), Row(["2024-09-05"], 65L, 68L));
        var response = await app.QueryAsync(
            """{"site_id":"dummy.site","metrics":["visitors","events"],"date_range":"7d","filters":[["is","visit:os",""" +
            """["GNU/Linux","Mac"]]],"dimensions":["time:day"]}""");
        Same("""[{"metrics":[129,144],"dimensions":["2024-09-04"]},{"metrics":[65,68],"dimensions":["2024-09-05"]}]""",
            response["results"]!);
        Same("""[["time:day","asc"],["visitors","desc"]]""", response["query"]!["order_by"]!);
        Assert.Equal([new SortColumn(-1, 0, false), new SortColumn(0, -1, true)], app.History.LastQuery.OrderBy);
    }

    [Fact]
    public async Task Timeseries_by_hour_with_labels()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row(["2024-09-10 01:00:00"], 2L));
        var response = await app.QueryAsync(
            """{"site_id":"dummy.site","metrics":["visitors"],"date_range":"day","dimensions":["time:hour"],"include":{"time_labels":""" +
            """true}}""");
        Assert.Equal(Enumerable.Range(0, 24).Select(hour => $"2024-09-10 {hour:00}:00:00"), response["meta"]!["time_labels"]!.AsArray()
            .Select(label => (string)label!));
        Same("""["2024-09-10T00:00:00+00:00","2024-09-10T23:59:59+00:00"]""", response["query"]!["date_range"]!);
        Same("""{"time_labels":true}""", response["query"]!["include"]!);
    }

    [Fact]
    public async Task Custom_properties()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row(["2024-09-04", "true"], 162L), Row(["2024-09-04", ""], 126L));
        var response = await app.QueryAsync("""
            {"site_id":"dummy.site","metrics":["visitors"],"date_range":"7d","dimensions":["time:day","event:props:is_customer"],
             "order_by":[["time:day","asc"],["event:props:is_customer","desc"]]}
            """);
        Same("""[{"metrics":[162],"dimensions":["2024-09-04","true"]},{"metrics":[126],"dimensions":["2024-09-04","(none)"]}]""",
            response["results"]!);
        Assert.Equal([new SortColumn(-1, 0, false), new SortColumn(-1, 1, true)], app.History.LastQuery.OrderBy);
        Assert.Equal(new Dimension(DimensionKind.Prop, "is_customer"), app.History.LastQuery.Dimensions[1]);
    }

    [Fact]
    public async Task Pagination()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(6, Row(["", "duckduckgo"], 325L, 397L, 317L));
        var response = await app.QueryAsync("""
            {"site_id":"dummy.site","metrics":["visitors","events","pageviews"],"date_range":"7d",
             "dimensions":["visit:utm_medium","visit:utm_source"],
             "include":{"total_rows":true},"pagination":{"limit":3,"offset":1}}
            """);
        Same("""{"total_rows":6}""", response["meta"]!);
        Same("""{"offset":1,"limit":3}""", response["query"]!["pagination"]!);
        Assert.Equal((3, 1, true), (app.History.LastQuery.Limit, app.History.LastQuery.Offset, app.History.LastQuery.CountRows));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""[["is","visit:country_name",["Estonia"]]]""")]
    public async Task Imports(string filters)
    {
        await using var app = QueryApp.Start();
        app.History.FirstHit = DateTimeOffset.Parse("2021-09-26T15:00:00Z", System.Globalization.CultureInfo.InvariantCulture)
            .ToUnixTimeMilliseconds();
        app.History.SetRows(Row(["Google"], 1192L), Row([""], 1191L));
        var response = await app.QueryAsync(
            $$"""{"site_id":"dummy.site","metrics":["visitors"],"date_range":"all","dimensions":["visit:source"],"filters":{{filters}}""" +
            $$""","include":{"imports":true} }""");
        Same("""[{"metrics":[1192],"dimensions":["Google"]},{"metrics":[1191],"dimensions":["Direct / None"]}]""", response["results"]!);
        Same("""{"imports_included":false,"imports_skip_reason":"no_imported_data"}""", response["meta"]!);
        Same("""["2021-09-26T00:00:00+00:00","2024-09-10T23:59:59+00:00"]""", response["query"]!["date_range"]!);
    }

    [Fact]
    public async Task Revenue_metrics()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row(["North America Purchases"], new Money(96_336_315m, "USD", [("USD", 96_336_315m)])),
            Row(["Visit /"], (object?)null));
        var response = await app.QueryAsync(
            """{"site_id":"dummy.site","metrics":["total_revenue"],"date_range":"all","dimensions":["event:goal"]}""");
        Same("""
            [{"dimensions":["North America Purchases"],
              "metrics":[{"short":"$96.3M","value":96336315,"long":"$96,336,315.00","currency":"USD"}]},
             {"dimensions":["Visit /"],"metrics":[null]}]
            """, response["results"]!);
        Same("{}", response["meta"]!);
    }

    [Fact]
    public async Task Revenue_of_several_currencies()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row([], new Money(null, "EUR", [("USD", 3m), ("EUR", 2m)])));
        var response = await app.QueryAsync(
            """{"site_id":"dummy.site","metrics":["total_revenue"],"date_range":"all","filters":[["is","event:goal",""" +
            """["PurchaseUSD","PurchaseEUR"]]]}""");
        Same("""[{"metrics":[null],"dimensions":[]}]""", response["results"]!);
        Assert.Equal("no_single_revenue_currency", (string?)response["meta"]!["metric_warnings"]!["total_revenue"]!["code"]);
    }

    [Fact]
    public async Task Behavioral_filters()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row([], 456L));
        var response = await app.QueryAsync(
            """{"site_id":"dummy.site","metrics":["visitors"],"date_range":"all","filters":[["is","event:goal",["Signup"]],["has_done",""" +
            """["is","event:page",["/pricing"]]]]}""");
        Same("""[{"metrics":[456],"dimensions":[]}]""", response["results"]!);
        Assert.Equal("(Goal is Signup and done(Page is /pricing))", FilterFormatter.Format(app.History.LastQuery.Filter));
    }

    private static void Same(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nanswered {actual.ToJsonString()}");
}
