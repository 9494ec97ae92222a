using Footfall.History;

namespace Footfall.Tests.Api.Query;

/// <summary>Invalid queries and their error messages.</summary>
public sealed class QueryRejectionTests
{
    public static TheoryData<string, string> Queries => new()
    {
        { "[]", "A query is a JSON object" },
        { "{", "The body is not JSON: line 1, byte 2." },
        { """{"site_id":"dummy.site","site_id":"dummy.site"}""", "The key 'site_id' appears twice in one object." },
        { QueryApp.BuildQuery("\"include\":{\"total_rows\":true,\"total_row\\u0073\":true}"), "The key 'total_rows' appears twice in one "
            + "object." },
        { "{\"site_id\":\"\\ud800\"}", "A string in the body has half of a surrogate pair." },
        { """{"metrics":["visitors"],"date_range":"7d"}""", "The key site_id is missing" },
        { """{"site_id":"dummy.site","date_range":"7d"}""", "The key metrics is missing" },
        { """{"site_id":"dummy.site","metrics":["visitors"]}""", "The key date_range is missing" },
        { QueryApp.BuildQuery("\"metric\":[]"), "The key 'metric' is unknown: the keys of a query are site_id, metrics, date_range, date, "
            + "dimensions, filters, order_by, include, pagination, funnel." },
        { QueryApp.BuildQuery("\"dimensions\":[]", ""), "The site_id '' is not a domain" },
        { QueryApp.BuildQuery("\"dimensions\":[]", "a b"), "The site_id 'a b' is not a domain" },
        { QueryApp.BuildQuery("\"dimensions\":[]", "other.example"), "The site_id 'other.example' is not a site of this server" },
        { """{"site_id":7,"metrics":["visitors"],"date_range":"7d"}""", "The site_id must be a string." },
        { QueryApp.BuildQuery("\"metrics\":[]"), "The metrics are empty" },
        { QueryApp.BuildQuery("\"metrics\":\"visitors\""), "The metrics must be a list." },
        { QueryApp.BuildQuery("\"metrics\":[1]"), "The entry of metrics must be a string." },
        { QueryApp.BuildQuery("\"metrics\":[\"visitors\",\"visitors\"]"), "A metric appears twice." },
        { QueryApp.BuildQuery("\"metrics\":[\"clicks\"]"), "The metric 'clicks' is unknown: use one of visitors, visits, pageviews, "
            + "views_per_visit, bounce_rate, visit_duration, events, scroll_depth, percentage, conversion_rate, group_conversion_rate, "
            + "average_revenue, total_revenue, time_on_page, exit_rate, orders, units, revenue, refunds, net_revenue, average_order, "
            + "cart_rate, checkout_rate, purchase_rate, abandonment, bot_hits." },
        { QueryApp.BuildQuery("\"dimensions\":[\"visit:planet\"]"),
            "The dimension 'visit:planet' is unknown: use one of time, time:minute, "
            + "time:hour," },
        { QueryApp.BuildQuery("\"dimensions\":[\"event:props:\"]"), "The dimension 'event:props:' is unknown" },
        { QueryApp.BuildQuery("\"dimensions\":[\"visit:os\",\"visit:os\"]"), "A dimension appears twice." },
        { QueryApp.BuildQuery("\"dimensions\":[\"time\",\"time:day\"]"), "A query may have only one time dimension." },
        { QueryApp.BuildQuery("\"dimensions\":[\"time:minute\"]"), "The dimension time:minute needs the date_range realtime or 30m." },
        {
            QueryApp.BuildQuery("\"dimensions\":[\"visit:os\",\"visit:source\",\"visit:referrer\",\"visit:channel\","
                + "\"visit:device\",\"visit:screen\",\"visit:browser\"]"),
            "A query may have at most 6 dimensions."
        },
        { QueryApp.BuildQuery("\"date_range\":\"fortnight\""), "The date_range 'fortnight' is unknown: use one of day, 24h, 7d," },
        { QueryApp.BuildQuery("\"date_range\":\"0d\""), "is unknown" },
        { QueryApp.BuildQuery("\"date_range\":\"5001d\""), "is unknown" },
        { QueryApp.BuildQuery("\"date_range\":\"101mo\""), "is unknown" },
        { QueryApp.BuildQuery("\"date_range\":\"+7d\""), "is unknown" },
        { QueryApp.BuildQuery("\"date_range\":7"), "The date_range '7' can't be read" },
        { QueryApp.BuildQuery("\"date_range\":[\"2024-01-01\"]"), "can't be read" },
        { QueryApp.BuildQuery("\"date_range\":[\"2024-02-30\",\"2024-03-01\"]"), "can't be read" },
        { QueryApp.BuildQuery("\"date_range\":[\"2024-03-02\",\"2024-03-01\"]"), "The date_range ends before it begins." },
        { QueryApp.BuildQuery("\"date_range\":[\"2024-01-01T12:00:00\",\"2024-01-01T13:00:00\"]"), "can't be read" },
        { QueryApp.BuildQuery("\"date_range\":[\"2024-01-01T12:00:00+02:00\",\"2024-01-01T09:59:00Z\"]"), "ends before it begins" },
        { QueryApp.BuildQuery("\"date_range\":[\"0001-01-01\",\"9999-12-31\"]"), "can't be read" },
        { QueryApp.BuildQuery("\"date\":\"yesterday\""), "The date '\"yesterday\"' must be a day" },
        { QueryApp.BuildQuery("\"filters\":{}"), "filters must be a list of filters" },
        { QueryApp.BuildQuery("\"filters\":[[]]"), "a filter is a list of operator, dimension and clauses" },
        { QueryApp.BuildQuery("\"filters\":[[\"equals\",\"event:page\",[\"/\"]]]"),
            "The operator 'equals' of a filter is unknown: use one of "
            + "is, is_not, contains, contains_not, matches, matches_not, and, or, not, has_done, has_not_done." },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"event:page\"]]"), "a filter is a list of operator, dimension and clauses" },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"event:page\",\"/\"]]"),
            "The filter on event:page needs a list of at least one clause." },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"event:page\",[]]]"),
            "The filter on event:page needs a list of at least one clause." },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"event:page\",[true]]]"), "The clause 'true' of the filter on event:page must be a "
            + "string." },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"time:day\",[\"2024-01-01\"]]]"), "The dimension 'time:day' of a filter is unknown" },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"visit:country\",[\"Germany\"]]]"),
            "The country 'Germany' of the filter on visit:country "
            + "is not an ISO 3166-1 alpha-2 code" },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"visit:country\",[\"QQ\"]]]"), "The country 'QQ'" },
        { QueryApp.BuildQuery("\"filters\":[[\"is_not\",\"event:goal\",[\"Signup\"]]]"),
            "The dimension event:goal takes the operators is and contains only." },
        { QueryApp.BuildQuery("\"filters\":[[\"or\",[[\"is\",\"event:goal\",[\"a\"]],[\"is\",\"event:page\",[\"/\"]]]]]"), "The dimension "
            + "event:goal works in top-level filters only" },
        { QueryApp.BuildQuery("\"filters\":[[\"not\",[\"is\",\"event:hostname\",[\"a\"]]]]"),
            "The dimension event:hostname works in top-level "
            + "filters only" },
        { QueryApp.BuildQuery("\"filters\":[[\"and\",[]]]"), "and and or take a list of at least one filter" },
        { QueryApp.BuildQuery("\"filters\":[[\"not\",[\"is\",\"visit:os\",[\"Mac\"]],1]]"), "not takes exactly one argument" },
        { QueryApp.BuildQuery("\"filters\":[[\"has_done\",[\"has_done\",[\"is\",\"event:page\",[\"/\"]]]]]"), "can't be nested" },
        { QueryApp.BuildQuery("\"filters\":[[\"has_done\",[\"is\",\"visit:os\",[\"Mac\"]]]]"), "visit:os can't be used in them" },
        { QueryApp.BuildQuery("\"filters\":[[\"matches\",\"event:page\",[\"a\"],{\"case_sensitive\":false}]]"),
            "The modifier case_sensitive can't be used with matches" },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"event:page\",[\"a\"],{\"fuzzy\":true}]]"), "The modifier 'fuzzy' of the filter on "
            + "event:page is unknown" },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"event:page\",[\"a\"],{\"case_sensitive\":0}]]"), "must be true or false" },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"event:page\",[\"a\\u0000b\"]]]"), "NUL character" },
        { QueryApp.BuildQuery("\"filters\":[[\"is\",\"segment\",[2]]]"), "The segment '2' of a filter is unknown: the setting "
            + "Footfall:Segments has none." },
        { QueryApp.BuildQuery("\"filters\":[[\"is_not\",\"segment\",[2]]]"), "The dimension segment takes the operator is" },
        { QueryApp.BuildQuery($"\"filters\":[{Nested(9)}]"), "Filters may be nested at most 8 levels deep." },
        { QueryApp.BuildQuery($"\"filters\":[{string.Join(',', Enumerable.Repeat("[\"is\",\"visit:os\",[\"Mac\"]]", 101))}]"),
            "A query may "
            + "have at most 100 filters." },
        { QueryApp.BuildQuery($"\"filters\":[[\"is\",\"visit:os\",[{string.Join(',', Enumerable.Repeat("\"Mac\"", 1001))}]]]"),
            "The filters "
            + "of a query may have at most 1,000 clauses in total." },
        {
            QueryApp.BuildQuery($"\"filters\":[[\"matches\",\"visit:os\",[{string.Join(',', Enumerable.Repeat("\"Mac\"", 51))}]]]"),
            "The filters of a query may have at most 50 patterns in total."
        },
        { QueryApp.BuildQuery($"\"filters\":[[\"matches\",\"visit:os\",[\"{new string('a', 501)}\"]]]"),
            "A clause of the filter on visit:os has more than 500 characters." },
        { QueryApp.BuildQuery($"\"filters\":[[\"is\",\"visit:os\",[\"{new string('a', 2049)}\"]]]"),
            "A clause of the filter on visit:os has more than 2,048 characters." },
        { QueryApp.BuildQuery("\"order_by\":[[\"visits\",\"desc\"]]"), "The entry 'visits' of order_by is not a metric or dimension of the "
            + "query." },
        { QueryApp.BuildQuery("\"order_by\":[[\"visitors\",\"up\"]]"), "The direction 'up' of order_by is unknown: use asc or desc." },
        { QueryApp.BuildQuery("\"order_by\":[\"visitors\"]"), "must be a metric or a dimension and asc or desc" },
        { QueryApp.BuildQuery("\"order_by\":[[\"visitors\",\"asc\"],[\"visitors\",\"asc\"]]"), "more entries than there are" },
        { QueryApp.BuildQuery("\"include\":{\"dreams\":true}"), "The key 'dreams' of include is unknown: use one of imports, time_labels, "
            + "total_rows, comparisons." },
        { QueryApp.BuildQuery("\"include\":{\"imports\":1}"), "The include.imports must be true or false." },
        { QueryApp.BuildQuery("\"include\":{\"time_labels\":true}"), "The include.time_labels needs a time dimension." },
        { QueryApp.BuildQuery("\"include\":{\"comparisons\":{}}"),
            "The include.comparisons.mode '' is unknown: use one of previous_period, "
            + "year_over_year, custom." },
        { QueryApp.BuildQuery("\"include\":{\"comparisons\":{\"mode\":\"custom\"}}"),
            "The mode custom needs include.comparisons.date_range" },
        { QueryApp.BuildQuery(
            "\"include\":{\"comparisons\":{\"mode\":\"previous_period\",\"date_range\":[\"2024-01-01\",\"2024-01-02\"]}}"),
                "needs the mode custom" },
        { """{"site_id":"dummy.site","metrics":["visitors"],"date_range":"30m","include":{"comparisons":{"mode":"previous_period"}}}""",
            "can't be compared" },
        { QueryApp.BuildQuery("\"pagination\":{\"limit\":0}"), "The pagination.limit must be a whole number from 1 to 10,000." },
        { QueryApp.BuildQuery("\"pagination\":{\"limit\":10001}"), "The pagination.limit must be a whole number from 1 to 10,000." },
        { QueryApp.BuildQuery("\"pagination\":{\"offset\":-1}"), "The pagination.offset must be a whole number from 0 to 10,000,000." },
        { QueryApp.BuildQuery("\"metrics\":[\"percentage\"]"), "The metric percentage needs dimensions." },
        { QueryApp.BuildQuery("\"metrics\":[\"conversion_rate\"]"),
            "The metric conversion_rate needs event:goal as a filter or a dimension." },
        { QueryApp.BuildQuery("\"metrics\":[\"group_conversion_rate\"],\"filters\":[[\"has_done\",[\"is\",\"event:goal\",[\"a\"]]]]"),
            "The metric group_conversion_rate needs event:goal" },
        { QueryApp.BuildQuery("\"metrics\":[\"scroll_depth\"],\"filters\":[[\"not\",[\"is\",\"event:page\",[\"a\"]]]]"),
            "The metric scroll_depth needs event:page" },
        { QueryApp.BuildQuery("\"metrics\":[\"time_on_page\"]"), "The metric time_on_page needs event:page" },
        { QueryApp.BuildQuery("\"metrics\":[\"exit_rate\"],\"dimensions\":[\"event:page\"]"),
            "The metric exit_rate needs visit:exit_page as the only dimension." },
        { QueryApp.BuildQuery("\"metrics\":[\"views_per_visit\"],\"filters\":[[\"is\",\"event:page\",[\"/\"]]]"),
            "The metric views_per_visit "
            + "can't be combined with a filter on event:page." },
        { QueryApp.BuildQuery("\"metrics\":[\"bounce_rate\"],\"dimensions\":[\"event:goal\"]"),
            "The metric bounce_rate describes visits and "
            + "can't be grouped by event:goal" },
        { QueryApp.BuildQuery("\"metrics\":[\"visit_duration\"],\"dimensions\":[\"event:props:a\"]"), "can't be grouped by event:props:a" },
        { QueryApp.BuildQuery("\"metrics\":[\"views_per_visit\"],\"dimensions\":[\"event:hostname\"]"),
            "can't be grouped by event:hostname" },
        { QueryApp.BuildQuery("\"metrics\":[\"bounce_rate\"],\"dimensions\":[\"item:id\"]"), "can't be grouped by item:id" },
        { QueryApp.BuildQuery("\"metrics\":[\"visitors\"],\"dimensions\":[\"bot:reason\"]"), "The metric visitors does not count bots" },
        {
            QueryApp.BuildQuery("\"metrics\":[\"conversion_rate\"],\"filters\":[[\"is\",\"event:goal\",[\"a\"]],"
                + "[\"not\",[\"is\",\"event:props:x\",[\"1\"]]]]"),
            "props work in top-level filters only"
        },
        { QueryApp.BuildQuery("\"funnel\":{\"steps\":[\"view_item\"]}"), "The funnel.steps must be a list of 2 to 8 steps." },
        { QueryApp.BuildQuery("\"funnel\":{\"steps\":[\"a\",\"\"]}"), "A step of the funnel is the name of an event, or a filter." },
        { QueryApp.BuildQuery("\"funnel\":{\"steps\":[\"a\",[\"is\",\"visit:os\",[\"Mac\"]]]}"), "visit:os can't be used in them" },
        { QueryApp.BuildQuery("\"funnel\":{\"steps\":[\"a\",[\"has_done\",[\"is\",\"event:page\",[\"/\"]]]]}"), "or used in the steps of a "
            + "funnel" },
        { QueryApp.BuildQuery("\"metrics\":[\"visits\"],\"funnel\":{\"steps\":[\"a\",\"b\"]}"), "A funnel has no metrics" },
        { QueryApp.BuildQuery("\"funnel\":{\"steps\":[\"a\",\"b\"]},\"filters\":[[\"is\",\"bot:reason\",[\"x\"]]]"),
            "Bots make no visits" },
        { QueryApp.BuildQuery("\"funnel\":{\"steps\":[\"a\",\"b\"]},\"dimensions\":[\"visit:os\",\"visit:country\"]"),
            "A funnel may have only "
            + "one dimension." },
        { QueryApp.BuildQuery("\"date_range\":\"5000d\",\"dimensions\":[\"time:hour\"],\"include\":{\"time_labels\":true}"),
            "The date_range has more than 10,000 time labels" },
    };

    [Fact]
    public async Task Each_mistake_has_a_sentence_of_its_own()
    {
        await using var app = QueryApp.Start();
        foreach (var row in Queries)
        {
            var (query, sentence) = row.Data;
            var error = await app.RejectedAsync(query);
            Assert.True(error.Contains(sentence, StringComparison.Ordinal), $"{query}\nanswers: {error}\nnot: {sentence}");
            Assert.EndsWith(".", error);
        }
        Assert.Empty(app.History.Queries);
    }

    [Fact]
    public async Task A_pattern_that_the_store_can_not_read_is_rejected()
    {
        await using var app = QueryApp.Start();
        app.History.OnQuery = (_, _) => throw new InvalidPatternException("(?=a)", "invalid perl operator: (?=");
        Assert.Equal(
            "The pattern '(?=a)' of the filter on event:props:plan is not a regular expression of RE2 " +
            "(https://github.com/google/re2/wiki/Syntax): invalid perl operator: (?=.",
            await app.RejectedAsync(
                QueryApp.BuildQuery(
                    "\"filters\":[[\"has_not_done\",[\"or\",[[\"matches\",\"event:page\",[\"a\"]],[\"matches\",\"event:props:plan\"," +
                    "[\"b\",\"(?=a)\"]]]]]]")));
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_refused_and_one_of_64_KiB_is_read()
    {
        await using var app = QueryApp.Start();
        var query = QueryApp.BuildQuery("\"dimensions\":[]");
        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(query.PadRight(64 * 1024))).Status);
        var (status, body) = await app.SendAsync(query.PadRight(64 * 1024 + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal("PAYLOAD_TOO_LARGE", (string?)body["code"]);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_rejected()
    {
        await using var app = QueryApp.Start();
        using var content = new ByteArrayContent([(byte)'"', 0xFF, (byte)'"']);
        using var response = await app.App.Http.PostAsync("/api/v1/query", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("not in UTF-8", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private static string Nested(int depth) => depth == 0 ? "[\"is\",\"visit:os\",[\"Mac\"]]" : $"[\"not\",{Nested(depth - 1)}]";
}
