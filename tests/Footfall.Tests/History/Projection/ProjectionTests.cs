using System.Globalization;
using Footfall.History.Schema;
using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footfall.Tests.History.Projection;

/// <summary>From the request to the result: posted events, and the results of queries for them, with the clock of the test.</summary>
public sealed class ProjectionTests : IDisposable
{
    private const string Agent = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0";

    private readonly TemporaryDirectory _data = new();
    private readonly AdjustableTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task What_is_posted_is_answered()
    {
        await using var app = Start();
        await app.VisitAsync("us", 2);
        await app.Http.EventsAsync(
            """{"url":"https://shop.example/lamps?utm_source=mail",""" +
            """ "referrer":"https://www.google.com/","country":"DE","props":{"plan":"gold"}}""",
            """{"url":"https://shop.example/lamps/1","name":"view_item","country":"DE","items":[{"item_id":"SKU1","item_name":"Lamp"}]}""",
            """{"name":"signup","country":"DE"}""");
        await app.Http.CaughtUpAsync();
        Assert.Equal(["DE|1|1|3", "US|2|0|2"], (await app.Http.QueryRowsAsync("visits,pageviews,events", "visit:country")).Order());
        Assert.Equal(["/lamps|1"],
            (await app.Http.QueryRowsAsync("pageviews", "event:page", more: ""","filters":[["is","event:props:plan",["gold"]]]""")));
        Assert.Equal(["mail|1"],
            await app.Http.QueryRowsAsync("visits", "visit:utm_source", more: ""","filters":[["is","visit:country",["DE"]]]"""));
        Assert.Equal(["Firefox|1"],
            await app.Http.QueryRowsAsync("visits", "visit:browser", more: ""","filters":[["is","visit:browser",["Firefox"]]]"""));
        Assert.Equal(["Lamp|1"], await app.Http.QueryRowsAsync("events", "item:name"));
    }

    [Fact]
    public async Task A_purchase_that_is_sent_again_counts_once_and_refunds_lower_what_is_left()
    {
        const string Purchase =
            """{"name":"purchase","transaction_id":"T1","value":100,"currency":"EUR","items":[{"item_id":"A","price":30,"quantity":2},""" +
            """{"item_id":"B","price":40}]}""";
        await using var app = Start();
        await app.Http.EventsAsync(Purchase, Purchase);
        await app.Http.CaughtUpAsync();
        // A day later the journal has forgotten the transaction; the history has not.
        _time.Advance(TimeSpan.FromHours(26));
        await app.VisitAsync("us");
        await app.Http.EventsAsync(Purchase);
        await app.Http.CaughtUpAsync();
        Assert.Equal(["1|100 EUR|3|0 EUR|100 EUR"], await app.Http.QueryRowsAsync("orders,revenue,units,refunds,net_revenue"));

        await app.Http.EventsAsync("""{"name":"refund","transaction_id":"T1","items":[{"item_id":"A","price":30,"quantity":1}]}""");
        await app.Http.CaughtUpAsync();
        Assert.Equal(["1|30 EUR|70 EUR"], await app.Http.QueryRowsAsync("orders,refunds,net_revenue"));
        // Without value and items it is the whole order; 30 of it are already refunded.
        await app.Http.EventsAsync("""{"name":"refund","transaction_id":"T1"}""");
        await app.Http.CaughtUpAsync();
        Assert.Equal(["1|100 EUR|0 EUR"], await app.Http.QueryRowsAsync("orders,refunds,net_revenue"));
    }

    [Fact]
    public async Task A_visit_goes_on_after_a_restart_and_ends_after_half_an_hour()
    {
        await using (var app = Start()) await app.Http.EventsAsync("""{"url":"/a"}""");
        _time.Advance(TimeSpan.FromMinutes(20));
        await using (var app = Start()) await app.Http.EventsAsync("""{"url":"/b"}""");
        _time.Advance(TimeSpan.FromMinutes(29));
        await using (var app = Start())
        {
            await app.Http.EventsAsync("""{"url":"/c"}""");
            await app.Http.CaughtUpAsync();
            Assert.Equal(["/a|1|1|3|2940"], await app.Http.QueryRowsAsync("visits,visitors,pageviews,visit_duration", "visit:entry_page"));
        }
        _time.Advance(TimeSpan.FromMinutes(31));
        await using (var app = Start())
        {
            await app.Http.EventsAsync("""{"url":"/d"}""");
            await app.Http.CaughtUpAsync();
            Assert.Equal(["2|1|4"], await app.Http.QueryRowsAsync("visits,visitors,pageviews"));
        }
    }

    [Fact]
    public async Task The_journal_keeps_what_the_history_does_not_have_and_the_lag_shows_it()
    {
        var blocked = Path.Combine(_data, HistoryDatabase.FileName);
        Directory.CreateDirectory(blocked);
        await using var app = Start();
        for (var i = 0; i < 4; i++)
        {
            await app.VisitAsync("de");
            // Whatever is forgotten by the hour is forgotten at the commit after.
            _time.Advance(TimeSpan.FromHours(1));
        }
        await app.VisitAsync("de");
        Assert.Equal(5, Batches());
        await Eventually.BecomesAsync(async () => (string?)(await app.Http.HistoryAsync())["state"] != "starting", "it was tried");
        var health = await app.Http.HistoryAsync();
        Assert.Equal(("failing", 5, 4 * 3600), ((string?)health["state"], (int)health["lag_commits"]!, (int)health["lag_seconds"]!));
        Assert.Equal((5, 4 * 3600),
            (await app.Http.MetricAsync("footfall_history_lag_commits"), await app.Http.MetricAsync("footfall_history_lag_seconds")));

        Directory.Delete(blocked);
        await app.Http.CaughtUpAsync();
        Assert.Equal((0, 0),
            (await app.Http.MetricAsync("footfall_history_lag_commits"), await app.Http.MetricAsync("footfall_history_lag_seconds")));
        Assert.Equal(["5"], await app.Http.QueryRowsAsync("visits"));
        // Now they may go; the last hour stays.
        await Eventually.BecomesAsync(async () =>
        {
            _time.Advance(TimeSpan.FromMinutes(1.5));
            await app.VisitAsync("de");
            return Oldest() > new DateTimeOffset(2026, 11, 24, 14, 59, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        }, "the journal is trimmed");
        await app.Http.CaughtUpAsync();
        Assert.Equal([$"{(await app.StatsAsync())["de"]}"], await app.Http.QueryRowsAsync("visits"));
    }

    [Fact]
    public async Task A_query_during_the_rollup_of_a_day_sees_all_of_it()
    {
        await using var app = Start(("Query:TimeoutSeconds", "600"));
        await app.Http.EventsAsync(Late(0, 400));
        await app.Http.CaughtUpAsync();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var asking = Enumerable.Range(0, 2).Select(i => Task.Run(async () =>
        {
            var answers = new List<string>();
            while (!done.IsCancellationRequested)
            {
                // Queries by page and by country use other tables, and in one result they agree.
                var rows = i == 0 ? await app.Http.QueryRowsAsync("events,visits", "visit:country")
                    : await app.Http.QueryRowsAsync("pageviews", "event:page");
                answers.Add(string.Join(' ', rows.Order(StringComparer.Ordinal)));
            }
            return answers;
        }, Stop)).ToList();
        for (var closed = 1; closed <= 3; closed++)
        {
            // A day is not added up more often than every five minutes.
            _time.Advance(TimeSpan.FromMinutes(6));
            await Eventually.BecomesAsync(async () =>
                await app.Http.MetricAsync("footfall_history_days_closed_total") >= closed, "the day is closed");
            if (closed == 3) break;
            await app.Http.EventsAsync(Late(closed, 400));
            await app.Http.CaughtUpAsync();
        }
        await done.CancelAsync();
        var seen = await Task.WhenAll(asking);
        Assert.Equal([.. Enumerable.Range(1, 3).Select(times => $"DE|{200 * times}|1 FR|{200 * times}|{200 * times}")], seen[0].Distinct());
        Assert.Equal([.. Enumerable.Range(1, 3).Select(times => $"/0|{100 * times} /2|{100 * times}")], seen[1].Distinct());
        Assert.True(seen.All(answers => answers.Count > 10), $"{seen[0].Count} and {seen[1].Count} answers");

        // Of yesterday: every other one a view of the same visitor, the others visits of their own.
        static IEnumerable<string> Late(int round, int count) => Enumerable.Range(0, count).Select(i =>
            $$"""{"url":"/{{i % 4}}","name":"{{(i % 2 == 0 ? "page_view" : "visit")}}","country":"{{(i % 2 == 0 ? "DE" : "FR")}}",""" +
            $$""" "timestamp":"2026-11-23T{{13 + i / 60 % 7}}:{{i % 60:00}}:0{{round}}Z","site":"default"}""");
    }

    [Fact]
    public async Task A_clock_that_jumps_back_and_forth_loses_no_hit_and_shows_no_lag_below_zero()
    {
        await using var app = Start();
        TimeSpan[] jumps =
            [TimeSpan.FromHours(-3), TimeSpan.FromDays(2), TimeSpan.FromDays(-3), TimeSpan.FromDays(1) + TimeSpan.FromHours(3)];
        foreach (var jump in jumps)
        {
            await app.VisitAsync("de", 5);
            _time.Jump(jump);
            Assert.True((double)(await app.Http.HistoryAsync())["lag_seconds"]! >= 0);
            await app.Http.CaughtUpAsync();
            _time.Advance(TimeSpan.FromMinutes(10));
        }
        await app.VisitAsync("de", 5);
        await app.Http.CaughtUpAsync();
        Assert.Equal(["25"], await app.Http.QueryRowsAsync("visits", range: """["2026-11-20","2026-11-28"]"""));
    }

    [Theory]
    [InlineData("2026-03-28T12:00:00Z", "2026-03-29", 23)]
    [InlineData("2026-10-24T12:00:00Z", "2026-10-25", 25)]
    public async Task Days_of_23_and_25_hours_have_all_their_hits_and_no_others(string start, string day, int hours)
    {
        var time = new AdjustableTimeProvider(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture));
        await using var app = FootfallApp.Start(time, _data, ("History:Enabled", "true"), ("Sites:0:Domain", "berlin.example"),
            ("Sites:0:TimeZone", "Europe/Berlin"), ("Sites:1:Domain", "tokyo.example"), ("Sites:1:TimeZone", "Asia/Tokyo"));
        // Half past each hour for two days.
        for (var i = 0; i < 48; i++)
        {
            if (i == 0) time.Advance(TimeSpan.FromMinutes(30));
            await app.VisitAsync("de", site: "berlin.example");
            await app.VisitAsync("jp", site: "tokyo.example");
            time.Advance(TimeSpan.FromHours(1));
        }
        await app.Http.CaughtUpAsync();
        await CheckAsync();
        // The same from the rollups.
        time.Advance(TimeSpan.FromDays(2));
        await Eventually.BecomesAsync(async () =>
            await app.Http.MetricAsync("footfall_history_days_closed_total") >= 6, "all days are closed");
        await CheckAsync();

        async Task CheckAsync()
        {
            var range = $"[\"{day}\",\"{day}\"]";
            Assert.Equal([$"{hours}"], await app.Http.QueryRowsAsync("visits", site: "berlin.example", range: range));
            Assert.Equal(["24"], await app.Http.QueryRowsAsync("visits", site: "tokyo.example", range: range));
            var byHour = await app.Http.QueryRowsAsync("visits", "time:hour", "berlin.example", range);
            Assert.Equal(hours == 23 ? 23 : 24, byHour.Length);
            Assert.Equal(hours, byHour.Sum(row => int.Parse(row.Split('|')[1], CultureInfo.InvariantCulture)));
            // In spring there is no hour 2; in autumn it occurs twice and counts as one.
            Assert.Equal(hours == 23 ? 0 : 1, byHour.Count(row => row == $"{day} 02:00:00|2"));
            Assert.Equal(hours == 23 ? 0 : 1, byHour.Count(row => row.StartsWith($"{day} 02", StringComparison.Ordinal)));
            Assert.All(await app.Http.QueryRowsAsync("visits", "time:hour", "tokyo.example", range), row =>
                Assert.EndsWith("|1", row, StringComparison.Ordinal));
        }
    }

    private FootfallApp Start(params (string Name, string Value)[] settings)
    {
        var app = FootfallApp.Start(_time, _data, [("History:Enabled", "true"), ("History:Threads", "1"), .. settings]);
        app.Http.DefaultRequestHeaders.UserAgent.ParseAdd(Agent);
        return app;
    }

    private long Batches() => Journal("SELECT count(*) FROM batches");

    private long Oldest() => Journal("SELECT min(committed_at) FROM batches");

    private long Journal(string sql)
    {
        using var journal = new SqliteConnection($"Data Source={Path.Combine(_data, SqliteJournal.FileName)};Mode=ReadOnly;Pooling=False");
        journal.Open();
        using var command = journal.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
