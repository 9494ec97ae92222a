using System.Text.Json;
using Footfall.History.Schema;
using Footfall.Tests.History;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Api.Query;

/// <summary>
/// Hostile queries over HTTP to the real store: each gets a result or an error code, and the server keeps running.
/// </summary>
public sealed class HostileHistoryTests
{
    private const string Site = """{"site_id":"default","date_range":"all",""";

    private static readonly string[] Injections =
    [
        "'; DROP TABLE hits; --", "') OR 1=1 --", "$1", "$99", "?", "%", "_", "{days}", "{0}", "\" UNION SELECT text FROM texts --",
        "'||(SELECT domain FROM sites)||'", "*/", "\\'; ATTACH 'x.db'; --",
        "read_csv('/etc/passwd')", "\u2028", "😀", "../../etc/passwd", "NULL", "1e999", "-- \n",
    ];

    /// <summary>
    /// RE2 has no exponential patterns, but slow ones: these take it half a minute for 8,192 long paths. Each differs from the
    /// others, since the engine runs equal ones once.
    /// </summary>
    private static string SlowQuery => $$"""
        {{Site}}"metrics":["pageviews"],"filters":[["matches","event:page",
        [{{string.Join(',', Enumerable.Range(0, 10).Select(i => $"\"[a-f0-9/]*[0a](.){{90}}x{i}\""))}}]]]}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_of_a_query_is_a_text_in_every_position()
    {
        await using var app = await StartAsync(20);
        var before = Tables(app);
        foreach (var text in Injections)
        {
            var quoted = JsonSerializer.Serialize(text);
            var prop = JsonSerializer.Serialize($"event:props:{text}");
            string[] queries =
            [
                $$"""{"site_id":{{quoted}},"metrics":["visits"],"date_range":"all"}""",
                $$"""{{Site}}"metrics":[{{quoted}}]}""",
                $$"""{{Site}}"metrics":["visits"],"dimensions":[{{quoted}}]}""",
                $$"""{{Site}}"metrics":["visits"],"dimensions":[{{prop}}]}""",
                $$"""{{Site}}"metrics":["visits"],"filters":[[{{quoted}},"event:page",["/"]]]}""",
                $$"""{{Site}}"metrics":["visits"],"filters":[["is",{{quoted}},["/"]]]}""",
                $$"""{{Site}}"metrics":["visits"],"filters":[["is",{{prop}},[{{quoted}}]]]}""",
                $$"""{{Site}}"metrics":["visits"],"order_by":[[{{quoted}},"desc"]]}""",
                $$"""{{Site}}"metrics":["visits"],"order_by":[["visits",{{quoted}}]]}""",
                $$"""{"site_id":"default","metrics":["visits"],"date_range":{{quoted}}}""",
                $$"""{"site_id":"default","metrics":["visits"],"date_range":[{{quoted}},{{quoted}}]}""",
                $$$"""{{{Site}}}"funnel":{"steps":[{{{quoted}}},"purchase"]}}""",
                $$$"""{{{Site}}}"metrics":["visits"],"include":{ {{{quoted}}}:true}}""",
                .. Filters(quoted),
            ];
            foreach (var query in queries)
            {
                var (status, body) = await app.Http.QueryAsync(query);
                Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{query}\n{body.ToJsonString()}");
                if (status == HttpStatusCode.BadRequest) Assert.Equal("INVALID_QUERY", (string?)body["code"]);
                // No visitor came to such a page, whatever the engine makes of it.
                else if (query.Contains("\"is\",\"event:page\"", StringComparison.Ordinal))
                    Assert.Equal(0, (long)body["results"]![0]!["metrics"]![0]!);
            }
        }
        Assert.Equal(before, Tables(app));
        Assert.Equal(["20"], await app.Http.QueryRowsAsync("pageviews"));

        static IEnumerable<string> Filters(string quoted) =>
            from name in (string[])["event:page", "event:goal", "event:hostname", "visit:source", "visit:entry_page", "visit:country",
                "visit:country_name", "item:name", "event:currency"]
            from of in (string[])["is", "contains", "is_not"]
            where name != "event:goal" || of != "is_not"
            select $$"""{{Site}}"metrics":["pageviews"],"filters":[["{{of}}","{{name}}",[{{quoted}}]]]}""";
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?<=a)b")]
    [InlineData("a{2,1}")]
    public async Task An_invalid_pattern_is_rejected_with_a_message(string pattern)
    {
        await using var app = await StartAsync(1);
        foreach (var name in (string[])["event:page", "visit:country_name", "visit:source", "item:name"])
        {
            var (status, body) = await app.Http.QueryAsync(
                $$"""{{Site}}"metrics":["visits"],"filters":[["matches","{{name}}",[{{JsonSerializer.Serialize(pattern)}}]]]}""");
            Assert.True(status == HttpStatusCode.BadRequest, $"{name} {body.ToJsonString()}");
            Assert.Equal("INVALID_QUERY", (string?)body["code"]);
            Assert.DoesNotContain("SELECT", (string?)body["error"], StringComparison.Ordinal);
            Assert.StartsWith($"The pattern '{pattern}' of the filter on {name} is not a regular expression of RE2", (string?)body["error"],
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_slow_pattern_is_stopped_and_the_server_goes_on()
    {
        await using var app = await StartAsync(8_192, longPaths: true, ("Query:TimeoutSeconds", "1"), ("Query:MaxConcurrent", "1"));
        var (status, body) = await app.Http.QueryAsync(SlowQuery);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "QUERY_TIMEOUT"), (status, (string?)body["code"]));
        // There is one slot: it is free again.
        Assert.Equal(["8192"], await app.Http.QueryRowsAsync("pageviews"));
        await app.VisitAsync("de");
    }

    [Fact]
    public async Task A_client_that_goes_away_stops_the_engine()
    {
        await using var app = await StartAsync(8_192, longPaths: true, ("Query:MaxConcurrent", "1"));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var content = new StringContent(SlowQuery);
        var asking = app.Http.PostAsync("/api/v1/query", content, leaving.Token);
        await Eventually.BecomesAsync(async () => await app.Http.MetricAsync("footfall_queries_running") == 1, "it runs");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.BecomesAsync(async () => await app.Http.MetricAsync("footfall_queries_running") == 0, "it has stopped");
        await Eventually.BecomesAsync(async () =>
            await app.Http.MetricAsync("footfall_queries_total{outcome=\"ABANDONED\"}") == 1, "it is counted");
        Assert.Equal(["8192"], await app.Http.QueryRowsAsync("pageviews"));
    }

    [Fact]
    public async Task An_answer_has_so_many_rows_and_says_how_many_there_are()
    {
        await using var app = await StartAsync(10_500);
        var (status, body) =
            await app.Http.QueryAsync(Site + """ "metrics":["pageviews"],"dimensions":["event:page"],"include":{"total_rows":true}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((10_000, 10_500), (body["results"]!.AsArray().Count, (int)body["meta"]!["total_rows"]!));
        Assert.Equal(500,
            (await app.Http.QueryRowsAsync("pageviews", "event:page", more: ""","pagination":{"limit":10000,"offset":10000}""")).Length);
        Assert.Empty(await app.Http.QueryRowsAsync("pageviews", "event:page", more: ""","pagination":{"limit":10000,"offset":10000000}"""));
        foreach (var page in (string[])["{\"limit\":10001}", "{\"limit\":-1}", "{\"offset\":10000001}", "{\"limit\":1e99}"])
        {
            (status, body) =
                await app.Http.QueryAsync($$"""{{Site}}"metrics":["pageviews"],"dimensions":["event:page"],"pagination":{{page}}}""");
            Assert.True(status == HttpStatusCode.BadRequest, page);
        }
    }

    private static async Task<FootfallApp> StartAsync(int pages, bool longPaths = false, params (string Name, string Value)[] settings)
    {
        var app = FootfallApp.Start([("History:Enabled", "true"), ("History:Threads", "1"), .. settings]);
        app.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0");
        foreach (var some in Enumerable.Range(0, pages).Chunk(4_000))
            await app.Http.EventsAsync(some.Select(i =>
                $$"""{"url":"/{{(longPaths ? string.Concat(Enumerable.Repeat($"{i * 2654435761L:x12}", 160)) : $"{i}")}}"}"""));
        await app.Http.CaughtUpAsync();
        return app;
    }

    private static List<(string, long)> Tables(FootfallApp app)
    {
        using var connection = app.Services.GetRequiredService<HistoryDatabase>().Connect();
        var names = connection.Query("SELECT table_name FROM duckdb_tables() ORDER BY table_name").Select(row => row.GetString(0)).ToList();
        return [.. names.Select(name => (name, connection.Scalar<long>($"SELECT count(*) FROM \"{name}\"")))];
    }
}
