using System.Text.Json.Nodes;
using Footfall.Common;
using Footfall.History;
using Microsoft.Extensions.DependencyInjection;
using static Footfall.Tests.Api.Query.FakeHistory;

namespace Footfall.Tests.Api.Query;

/// <summary>How rows of the history are shown.</summary>
public sealed class ResultWriterTests
{
    [Fact]
    public async Task Both_paths_answer_and_an_authorization_is_not_looked_at()
    {
        await using var app = QueryApp.Start();
        foreach (var path in (string[])["/api/v1/query", "/api/v2/query"])
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(QueryApp.BuildQuery("\"dimensions\":[]")) };
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer anything");
            using var response = await app.App.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Each_metric_has_its_name()
    {
        await using var app = QueryApp.Start();
        foreach (var metric in Enum.GetValues<Metric>())
        {
            var name = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(metric.ToString());
            var dimension = metric == Metric.ExitRate ? "visit:exit_page" : metric == Metric.BotHits ? "bot:reason" : "event:page";
            var filters = metric is Metric.ConversionRate or Metric.GroupConversionRate ? """[["is","event:goal",["purchase"]]]""" : "[]";
            await app.QueryWithAsync(
                $"\"metrics\":[\"{name}\"],\"dimensions\":[\"{dimension}\"]," +
                $"\"filters\":{filters}");
            Assert.Equal([metric], app.History.LastQuery.Metrics);
        }
    }

    [Fact]
    public async Task Each_dimension_of_the_history_has_a_name()
    {
        await using var app = QueryApp.Start();
        var schema = JsonNode.Parse(await app.App.Http.GetStringAsync("/api/v1/query/schema", TestContext.Current.CancellationToken))!;
        var asked = new HashSet<DimensionKind>();
        foreach (var name in schema["dimensions"]!.AsArray()
            .Select(name => ((string)name!).Replace("<name>", "plan", StringComparison.Ordinal)))
        {
            var bot = name == "bot:reason";
            await app.QueryAsync(
                $$"""{"site_id":"dummy.site","metrics":["{{(bot ? "bot_hits" : "pageviews")}}"]""" +
                $$""","date_range":"{{(name == "time:minute" ? "30m" : "7d")}}","dimensions":["{{name}}"]}""");
            foreach (var dimension in app.History.LastQuery.Dimensions) asked.Add(dimension.Kind);
        }
        Assert.Equal(Enum.GetValues<DimensionKind>().Where(kind => kind != DimensionKind.CountryName), asked.Order());
    }

    [Fact]
    public async Task A_site_without_a_hit_has_zeros_and_the_history_is_not_queried()
    {
        var history = new FakeHistory { OnQuery = (_, _) => throw new InvalidOperationException("It must not be asked.") };
        await using var app = FootfallApp.Start(services => services.AddSingleton<IHistory>(history));
        using var totals = await app.Http.PostAsync("/api/v1/query",
            new StringContent(
                """{"site_id":"Never.Example","metrics":["visitors","bounce_rate","visit_duration","revenue"],"date_range":"all"}"""),
                    TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await totals.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Same("""[{"metrics":[0,0,null,null],"dimensions":[]}]""", body["results"]!);
        Assert.Equal("never.example", (string?)body["query"]!["site_id"]);
        Assert.DoesNotContain("never.example", app.Services.GetRequiredService<SiteRegistry>().All.Select(site => site.Domain));
    }

    [Fact]
    public async Task Without_a_history_the_answer_is_503()
    {
        await using var app = QueryApp.Start();
        app.History.OnQuery = (_, _) => throw new HistoryUnavailableException("/data/history.duckdb is locked.");
        using var response = await app.App.Http.PostAsync("/api/v1/query", new StringContent(QueryApp.BuildQuery("\"dimensions\":[]")),
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("HISTORY_UNAVAILABLE", text, StringComparison.Ordinal);
        Assert.DoesNotContain("duckdb", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Amounts_are_written_digit_by_digit()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row([], new Money(59.90m, "EUR", [("EUR", 59.90m)]),
            new Money(null, "EUR", [("USD", 0.1m), ("JPY", 12_345_678_901_234.000001m)]), 33.33m, 12.5));
        var response = await app.QueryWithAsync("\"metrics\":[\"revenue\",\"refunds\",\"net_revenue\",\"average_order\"]");
        Assert.Equal(
            """[{"metrics":[{"value":59.9,"currency":"EUR","by_currency":{"EUR":59.9}},""" +
            """{"value":null,"currency":"EUR","by_currency":{"USD":0.1,"JPY":12345678901234.000001}},33.33,12.5],"dimensions":[]}]""",
            response["results"]!.ToJsonString());
    }

    [Theory]
    [InlineData("59.9", "EUR", "€59.90", "€59.90")]
    [InlineData("1234.5", "USD", "$1.2K", "$1,234.50")]
    [InlineData("500200700.25", "EUR", "€500.2M", "€500,200,700.25")]
    [InlineData("2000000000", "JPY", "¥2B", "¥2,000,000,000")]
    [InlineData("999.99", "EUR", "€999.99", "€999.99")]
    [InlineData("999.996", "EUR", "€1K", "€1,000.00")]
    [InlineData("999949.99", "EUR", "€999.9K", "€999,949.99")]
    [InlineData("999999.9996", "EUR", "€1M", "€1,000,000.00")]
    [InlineData("-999999999", "EUR", "-€1B", "-€999,999,999.00")]
    [InlineData("999999999999", "EUR", "€1T", "€999,999,999,999.00")]
    [InlineData("1000000000000000", "EUR", "€1000T", "€1,000,000,000,000,000.00")]
    [InlineData("-5", "CHF", "-CHF\u00A05.00", "-CHF\u00A05.00")]
    public async Task Revenue_is_formatted_as_in_Plausible(string amount, string currency, string shortText, string longText)
    {
        await using var app = QueryApp.Start();
        var value = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
        app.History.SetRows(Row([], new Money(value, currency, [(currency, value)])));
        var response = await app.QueryWithAsync("\"metrics\":[\"average_revenue\"],\"filters\":[[\"is\",\"event:goal\",[\"purchase\"]]]");
        var money = response["results"]![0]!["metrics"]![0]!;
        Assert.Equal((shortText, longText, currency, amount),
            ((string)money["short"]!, (string)money["long"]!, (string)money["currency"]!, money["value"]!.ToJsonString()));
        Same("{}", response["meta"]!);
    }

    [Fact]
    public async Task Revenue_without_a_goal_is_null_with_a_warning()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row([], new Money(5m, "EUR", [("EUR", 5m)])));
        var response = await app.QueryWithAsync("\"metrics\":[\"total_revenue\"]");
        Assert.Null(response["results"]![0]!["metrics"]![0]);
        Assert.Equal("no_revenue_goals_matching", (string?)response["meta"]!["metric_warnings"]!["total_revenue"]!["code"]);
    }

    [Fact]
    public async Task Values_that_are_not_numbers_are_null()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row([], double.NaN, null));
        Same("""[{"metrics":[null,null],"dimensions":[]}]""",
            (await app.QueryWithAsync("\"metrics\":[\"bounce_rate\",\"visit_duration\"]"))["results"]!);
    }

    [Fact]
    public async Task A_code_and_a_name_of_a_country_are_one_group()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row(["DE"], 2L), Row(["ZZ"], 1L));
        var response = await app.QueryWithAsync("\"dimensions\":[\"visit:country\",\"visit:country_name\",\"visit:region\"]");
        Same("""[{"metrics":[2],"dimensions":["DE","Germany",""]},{"metrics":[1],"dimensions":["ZZ","",""]}]""", response["results"]!);
        Assert.Single(app.History.LastQuery.Dimensions);
    }

    [Fact]
    public async Task Names_of_countries_are_ordered_by_name_and_paged()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row(["AT"], 1L), Row(["CH"], 5L), Row(["DE"], 9L), Row(["AL"], 4L), Row(["ZW"], 3L));
        var response = await app.QueryWithAsync(
            "\"dimensions\":[\"visit:country_name\"],\"order_by\":[[\"visit:country_name\",\"desc\"]],\"pagination\":{\"limit\":2," +
            "\"offset\":1},\"include\":{\"total_rows\":true}");
        Assert.Equal(["Switzerland", "Germany"], response["results"]!.AsArray().Select(row => (string)row!["dimensions"]![0]!));
        Assert.Equal(5, (long)response["meta"]!["total_rows"]!);
        Assert.Equal((100_000, 0), (app.History.LastQuery.Limit, app.History.LastQuery.Offset));
    }

    [Fact]
    public async Task Letters_of_all_languages_stay_as_they_are()
    {
        await using var app = QueryApp.Start();
        app.History.SetRows(Row(["/übersicht/東京/<b>\"'&"], 1L));
        var response = await app.QueryWithAsync("\"dimensions\":[\"event:page\"]");
        Assert.Equal("/übersicht/東京/<b>\"'&", (string?)response["results"]![0]!["dimensions"]![0]);
    }

    [Fact]
    public async Task The_schema_lists_the_terms()
    {
        await using var app = QueryApp.Start();
        var schema = JsonNode.Parse(await app.App.Http.GetStringAsync("/api/v1/query/schema", TestContext.Current.CancellationToken))!;
        Assert.Equal(["keys", "metrics", "dimensions", "operators", "date_ranges"], schema.AsObject().Select(pair => pair.Key));
        Assert.Equal(Enum.GetValues<Metric>().Length, schema["metrics"]!.AsArray().Count);
    }

    private static void Same(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nanswered {actual.ToJsonString()}");
}
