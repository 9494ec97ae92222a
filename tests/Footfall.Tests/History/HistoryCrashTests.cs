using System.Text.Json.Nodes;
using Footfall.History.Rollups;
using Footfall.History.Schema;
using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footfall.Tests.History;

/// <summary>
/// Kills the program while it projects, rolls up days and deletes old ones: the history has what was acknowledged afterwards, hit
/// for hit.
/// </summary>
public sealed class HistoryCrashTests : IDisposable
{
    private const int Rounds = 21, MostRounds = 60;

    private readonly TemporaryDirectory _data = new();
    private readonly int _seed = Environment.TickCount;
    private readonly Random _random;
    private readonly CrashWorkload _shop;
    private readonly Dictionary<Phase, int> _struck = Enum.GetValues<Phase>().ToDictionary(phase => phase, _ => 0);

    /// <summary>
    /// The days that hits are kept, an odd number: the days of hits are even ones, so that it may become midnight meanwhile.
    /// </summary>
    private int _limit = 9 + 2 * MostRounds / 3;

    public HistoryCrashTests()
    {
        _random = new Random(_seed);
        _shop = new CrashWorkload(_data, _seed);
    }

    private enum Phase
    {
        Projection,
        Closing,
        Retention,
    }

    [Fact]
    public async Task Whenever_the_program_is_killed_the_history_equals_what_was_answered()
    {
        try
        {
            await KillAsync();
            await FinishAsync();
            CompareWithAnswers();
            await CompareWithRebuiltAsync();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"With the seed {_seed}, kills {string.Join(", ", _struck)}: {error.Message}", error);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"Kills: {string.Join(", ", _struck)}; {_shop.Acknowledged.Count} hits.");
    }

    public void Dispose() => _data.Dispose();

    private async Task KillAsync()
    {
        for (var round = 0; round < Rounds || (round < MostRounds && _struck.Values.Min() < 2); round++)
        {
            var phase = (Phase)(round % 3);
            await (phase switch
            {
                Phase.Projection => KillProjectionAsync(),
                Phase.Closing => KillClosingAsync(),
                _ => KillRetentionAsync(),
            });
        }
        Assert.True(_struck.Values.Min() >= 2, "No kill came while the program was at it.");
    }

    /// <summary>The journal is ahead at the start, and the program is killed at some moment while it catches up.</summary>
    private async Task KillProjectionAsync()
    {
        await _shop.AppendAsync(1_000, [_shop.Sites[_random.Next(_shop.Sites.Length)]], 2);
        // For the retention to come.
        await _shop.AppendAsync(30, _shop.Sites[1..], _limit - 1);
        await using var doomed = Launch();
        await WaitForOutputAsync(doomed, "[103]");
        await WaitAsync(_random.Next(400));
        await doomed.KillAsync();
        if (!File.Exists(Path.Combine(_data, HistoryDatabase.FileName))) return;
        using var left = new HistoryFileReader(_data);
        var begun = left.Lines("SELECT table_name FROM duckdb_tables() WHERE table_name = 'progress'").Count > 0;
        if (!begun || left.Number("SELECT position FROM progress") < LastPosition()) _struck[Phase.Projection]++;
    }

    /// <summary>Old days have new hits, and the program is killed when only some of them are rolled up.</summary>
    private async Task KillClosingAsync()
    {
        await _shop.AppendAsync(40, _shop.Sites, 4);
        await using var doomed = Launch();
        await doomed.WaitUntilListeningAsync();
        var posting = Task.Run(() => _shop.PostSomeAsync(doomed));
        await Eventually.BecomesAsync(async () =>
            await doomed.Http.MetricAsync("footfall_history_days_closed_total") >= 1, "days are closed");
        await WaitAsync(_random.Next(400));
        await doomed.KillAsync();
        await posting;
        // That line follows the last of them.
        if (!doomed.Output.Contains("[407]", StringComparison.Ordinal)) _struck[Phase.Closing]++;
    }

    /// <summary>
    /// Days are older than they may become, and it is killed between the line of the log before they go and the one after.
    /// </summary>
    private async Task KillRetentionAsync()
    {
        _limit -= 2;
        // So that there is a day to be closed, and a line that says so.
        await _shop.AppendAsync(10, _shop.Sites[..1], 4);
        await using var doomed = Launch();
        await WaitForOutputAsync(doomed, "[407]");
        await WaitAsync(_random.Next(60));
        await doomed.KillAsync();
        if (!doomed.Output.Contains("[408]", StringComparison.Ordinal)) _struck[Phase.Retention]++;
    }

    private async Task FinishAsync()
    {
        await using var last = await FootfallProcess.StartAsync(_data, null, Settings(_limit));
        await _shop.PostUnacknowledgedAsync(last);
        await last.Http.CaughtUpAsync();
        await last.KillAsync();
        await CatchUpAsync();
    }

    /// <summary>A whole run: everything is projected and rolled up, and what is too old is deleted.</summary>
    private async Task CatchUpAsync()
    {
        await using var server = await FootfallProcess.StartAsync(_data, null, Settings(_limit));
        await server.Http.CaughtUpAsync();
        await ClosedAsync(server);
        foreach (var site in _shop.Sites)
        {
            // The counters are exact whatever happens to the history, and visits are what they count.
            var stats = await server.Http.GetFromJsonAsync<JsonObject>($"/api/v1/stats?site={site.Domain}",
                TestContext.Current.CancellationToken);
            var counted = stats!.Select(pair => $"{pair.Key.ToUpperInvariant()}|{pair.Value}").Order();
            Assert.Equal(counted, (await server.Http.QueryRowsAsync("visits", "visit:country", site.Domain)).Order());
        }
        await server.SignalAsync("TERM");
        await server.WaitForExitAsync();
    }

    private void CompareWithAnswers()
    {
        using var file = new HistoryFileReader(_data);
        foreach (var site in _shop.Sites)
            Assert.Equal(0,
                file.Number($"SELECT count(*) FROM hits JOIN sites ON id = site WHERE domain = '{site.Domain}' AND day < DATE " +
                    $"'{_shop.FirstDayWithin(site, _limit):yyyy-MM-dd}'"));
        var oldest = _shop.Sites.ToDictionary(site => site.Domain, site => _shop.FirstDayWithin(site, _limit));
        var expected = _shop.Acknowledged.Where(hit => hit.Day >= oldest[hit.Site]).Select(hit => hit.Line).Order(StringComparer.Ordinal);
        var actual = file.Lines("""
            SELECT domain, day, time, CASE kind WHEN 9 THEN 6 ELSE kind END, '', text FROM hits JOIN sites s ON s.id = site JOIN texts t
            ON t.id = page
            UNION ALL
            SELECT domain, day, time, kind, chr(65 + country // 26) || chr(65 + country % 26), text FROM bots JOIN sites s ON s.id = site
            JOIN texts t ON t.id = page
            """).Order(StringComparer.Ordinal);
        Assert.Equal(expected, actual);
    }

    /// <summary>A history that is rebuilt from the whole journal is the same, in every table.</summary>
    private async Task CompareWithRebuiltAsync()
    {
        using var killed = new HistoryFileReader(_data);
        foreach (var file in Directory.GetFiles(_data, HistoryDatabase.FileName + "*")) File.Delete(file);
        await CatchUpFreshAsync();
        using var rebuilt = new HistoryFileReader(_data);
        foreach (var (table, sql) in Dumps()) Assert.True(rebuilt.Lines(sql).SequenceEqual(killed.Lines(sql)),
            Difference(table, rebuilt.Lines(sql), killed.Lines(sql)));
    }

    private async Task CatchUpFreshAsync()
    {
        await using var server = await FootfallProcess.StartAsync(_data, null, Settings(_limit));
        await server.Http.CaughtUpAsync();
        await ClosedAsync(server);
        await server.SignalAsync("TERM");
        await server.WaitForExitAsync();
    }

    /// <summary>The rows of each table for the days that both have, with texts in place of their ids.</summary>
    private IEnumerable<(string Table, string Sql)> Dumps()
    {
        var days = $"day >= CASE (SELECT domain FROM sites WHERE id = site) " +
            $"{string.Join(' ', _shop.Sites.Select(site => $"WHEN '{site.Domain}' THEN DATE " +
                $"'{_shop.FirstDayWithin(site, _limit):yyyy-MM-dd}'"))} END";
        string Text(string column) => $"(SELECT text FROM texts WHERE id = {column})";
        string Texts(params string[] columns) => string.Join(", ", columns.Select(Text));
        const string Site = "(SELECT domain FROM sites WHERE id = site)";
        string[] attributes = ["source", "referrer", "channel", "utm_source", "browser", "os", "language"];
        yield return ("hits",
            $"SELECT {Site}, day, position, time, zone, kind, value, {Texts("page", "host", "name", "props", "currency")} FROM hits " +
            $"WHERE {days} ORDER BY ALL");
        yield return ("items",
            $"SELECT {Site}, i.day, i.position, i.time, i.kind, i.price, i.quantity, {Texts("p.item_id", "p.name", "i.currency")} FROM " +
            $"items i JOIN products p ON p.id = product WHERE {days} ORDER BY ALL");
        yield return ("orders",
            $"SELECT {Site}, day, position, time, zone, kind, transaction, value, units, {Text("currency")} FROM orders WHERE {days} " +
            $"ORDER BY ALL");
        yield return ("bots",
            $"SELECT {Site}, day, position, time, zone, country, reason, kind, {Text("page")} FROM bots WHERE {days} ORDER BY ALL");
        yield return ("visits",
            $"SELECT {Site}, day, start, zone, country, {Texts(attributes)}, hits FROM (SELECT * FROM opened UNION ALL SELECT * EXCLUDE " +
            $"(entry_page, exit_page, entry_host, exit_host, pageviews, events, duration, bounce, funnel, orders, refunds) FROM visits) " +
            $"o JOIN (SELECT visit, count(*) AS hits FROM hits GROUP BY visit) h USING (visit) WHERE {days} ORDER BY ALL");
        yield return ("visitors",
            $"SELECT {Site}, day, count(DISTINCT visitor), count(DISTINCT visit) FROM hits WHERE {days} GROUP BY ALL ORDER BY ALL");
        foreach (var table in Rollup.Tables)
        {
            // Hours and bots have values that are not texts.
            var value = table.EndsWith("_totals", StringComparison.Ordinal) ? "value" : Text("value");
            var money = table[0] == 'm';
            yield return (table,
                $"SELECT {Site}, {value} AS of, {(money ? Text("currency") : "''")} AS money, * EXCLUDE (site, " +
                $"value{(money ? ", currency" : "")}) FROM {table} WHERE {(money ? "" : "grain = 0 AND ")}{days} ORDER BY ALL");
        }
    }

    private static string Difference(string table, List<string> expected, List<string> actual) =>
        $"{table}: {expected.Count} and {actual.Count} rows; missing {string.Join(" / ", expected.Except(actual).Take(3))}; too many " +
        $"{string.Join(" / ", actual.Except(expected).Take(3))}";

    /// <summary>Waits until the finished days are rolled up, and what is too old is deleted.</summary>
    private static Task ClosedAsync(FootfallProcess server) =>
        Eventually.BecomesAsync(async () => await server.Http.MetricAsync("footfall_history_days_open") == 0, "all days are closed");

    private FootfallProcess Launch() => FootfallProcess.Launch(_data, null, Settings(_limit));

    private static (string Name, string Value)[] Settings(int limit) =>
        [.. CrashWorkload.Settings, ("Footfall__History__HitsDays", $"{limit}"), ("Footfall__History__Threads", "1")];

    private static Task WaitForOutputAsync(FootfallProcess server, string what) =>
        Eventually.BecomesAsync(() => Task.FromResult(server.HasExited || server.Output.Contains(what, StringComparison.Ordinal)), what);

    private static Task WaitAsync(int milliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, TestContext.Current.CancellationToken);

    private long LastPosition()
    {
        using var journal = new SqliteConnection($"Data Source={Path.Combine(_data, SqliteJournal.FileName)};Pooling=False");
        journal.Open();
        using var last = journal.CreateCommand();
        last.CommandText = "SELECT max(position) FROM batches";
        return (long)last.ExecuteScalar()!;
    }
}
