using System.Text;
using Footfall.Journal.Sqlite;
using Footfall.Tests.Live;

namespace Footfall.Tests.Commands;

/// <summary><c>footfall delete-site</c>, with a server or without one.</summary>
public sealed class DeleteSiteTests : IDisposable
{
    private const string Gone = "gone.example", Other = "other.example";

    /// <summary>In a path, a prop and a product of the site that is deleted, and nowhere else.</summary>
    private const string Marker = "quetzalcoatl";

    private readonly TemporaryDirectory _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_of_the_site_is_left_and_others_are_as_they_were(bool serving)
    {
        string other;
        await using (var server = await FootfallProcess.StartAsync(_data))
        {
            await FillAsync(server.Http);
            other = await ShopFixture.DescribeAsync(server.Http, Other);
            Assert.NotEqual("{}", (await ShopFixture.DescribeAsync(server.Http, Gone)).Split('\n')[0]);
            if (serving)
            {
                Assert.Contains("Deleted all data of gone.example: 401 visits, 401 hits", (await DeleteAsync()).Output);
                await AssertGoneAsync(server, other);
                // Counted from zero, the keys of before too.
                await ShopFixture.FillAsync(server.Http, Gone, 30, "again", keys: "k");
                Assert.Equal(31, await VisitsAsync(server));
                Assert.Equal(31, (long)(await HitsAsync(server))!);
                Assert.Equal(other, await ShopFixture.DescribeAsync(server.Http, Other));
            }
            await server.SignalAsync("TERM");
            await server.WaitForExitAsync();
        }
        if (!serving) Assert.Contains("Deleted all data", (await DeleteAsync()).Output);
        AssertNowhere(Marker);
        if (!serving) AssertNowhere(Gone);
        await using var after = await FootfallProcess.StartAsync(_data);
        if (!serving) await AssertGoneAsync(after, other);
        else Assert.Equal((31, 31), (await VisitsAsync(after), (long)(await HitsAsync(after))!));
    }

    [Fact]
    public async Task A_missing_site_is_reported_and_an_invalid_name_is_rejected()
    {
        await using (var server = await FootfallProcess.StartAsync(_data)) await ShopFixture.FillAsync(server.Http, Other, 3);
        Assert.Contains("no data of gone.example", (await DeleteAsync()).Output);
        Assert.Contains("is not a domain", (await FootfallCommand.RunAsync(_data, "delete-site", "a b", "--yes")).HasExitCode(1).Output);
        Assert.Contains("--yes",
            (await FootfallCommand.RunProcessAsync("exec \"$@\" </dev/null", _data, ["delete-site", Other])).HasExitCode(1).Output);
        await using var after = await FootfallProcess.StartAsync(_data);
        Assert.Equal(4, await VisitsAsync(after, Other));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_is_killed_in_the_middle_finishes_it_when_it_starts_again(bool again)
    {
        string other;
        await using (var server = await FootfallProcess.StartAsync(_data))
        {
            await FillAsync(server.Http);
            other = await ShopFixture.DescribeAsync(server.Http, Other);
            await server.KillAsync();
        }
        // The state after a kill right after the deletion was recorded, which is all that was done.
        Run($"INSERT INTO deletions SELECT '{Gone}', max(position), 0 FROM batches");
        Run($"DELETE FROM counters WHERE site = (SELECT id FROM sites WHERE domain = '{Gone}')");
        await using (var server = await FootfallProcess.StartAsync(_data))
        {
            // What arrives now is new.
            await ShopFixture.FillAsync(server.Http, Gone, 5, "new");
            if (again)
            {
                await DeleteAsync();
                await AssertGoneAsync(server, other);
            }
            await Eventually.BecomesAsync(() => Task.FromResult(Run("SELECT count(*) FROM deletions") is 0L), "the deletion is done");
            Assert.Equal(again ? 0 : 6, await VisitsAsync(server));
            Assert.Equal(again ? null : 6L, await HitsAsync(server));
            Assert.Equal(other, await ShopFixture.DescribeAsync(server.Http, Other));
            await server.SignalAsync("TERM");
            await server.WaitForExitAsync();
        }
        AssertNowhere(Marker);
    }

    [Fact]
    public async Task A_server_that_is_killed_at_any_moment_has_deleted_all_or_nothing_in_the_end()
    {
        var random = new Random(5);
        for (var round = 0; round < 5; round++)
        {
            string other;
            await using (var server = await FootfallProcess.StartAsync(_data))
            {
                await FillAsync(server.Http, $"-{round}");
                other = await ShopFixture.DescribeAsync(server.Http, Other);
                var deleting = FootfallCommand.RunAsync(_data, "delete-site", Gone, "--yes");
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 400)), TimeProvider.System, Stop);
                await server.KillAsync();
                await deleting;
            }
            await using (var server = await FootfallProcess.StartAsync(_data))
            {
                await Eventually.BecomesAsync(() => Task.FromResult(Run("SELECT count(*) FROM deletions") is 0L), "the deletion is done");
                Assert.Equal(await VisitsAsync(server), await HitsAsync(server, "visits") ?? 0);
                await DeleteAsync();
                await AssertGoneAsync(server, other);
            }
        }
    }

    [Fact]
    public async Task The_space_is_given_back_by_both_files()
    {
        await using var server = await FootfallProcess.StartAsync(_data);
        for (var i = 0; i < 10; i++) await ShopFixture.FillAsync(server.Http, Gone, 10_000, $"{Marker}-{i}", keys: $"k{i}");
        await ShopFixture.FillAsync(server.Http, Other, 100);
        await ShopFixture.WaitForHistoryAsync(server.Http);
        // The log of changes is folded into the file by a stop.
        await server.SignalAsync("TERM");
        await server.WaitForExitAsync();
        var (journal, history) = (Length(SqliteJournal.FileName), Length("history.duckdb"));
        await using var again = await FootfallProcess.StartAsync(_data);
        await DeleteAsync();
        Assert.True(Length(SqliteJournal.FileName) < journal / 4,
            $"The journal had {journal} bytes, and has {Length(SqliteJournal.FileName)}.");
        Assert.True(Length("history.duckdb") < history / 2, $"The history had {history} bytes, and has {Length("history.duckdb")}.");
    }

    [Fact]
    public async Task What_was_imported_for_the_site_can_be_imported_again()
    {
        using var files = new TemporaryDirectory();
        var (log, orders) = (Path.Combine(files, "access.log"), Path.Combine(files, "orders.csv"));
        await File.WriteAllTextAsync(log,
            "192.0.2.7 - - [10/Nov/2026:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) " +
            "Gecko/20100101 Firefox/132.0\"\n", Stop);
        await File.WriteAllTextAsync(orders,
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,Country\n1001,A,Lamp,2,2026-11-10 10:00:00,10.50,Germany\n",
            Stop);
        async Task<string> ImportAsync(string kind, string file, string site) =>
            (await FootfallCommand.RunAsync(_data, "import", kind, file, "--site", site)).HasExitCode(0).Output;
        foreach (var site in (string[])[Gone, Other])
        {
            await ImportAsync("access-log", log, site);
            await ImportAsync("orders", orders, site);
            Assert.Contains("nothing changed", await ImportAsync("orders", orders, site));
        }
        await DeleteAsync();
        Assert.Contains("1 visit", await ImportAsync("access-log", log, Gone));
        Assert.Contains("1 purchase", await ImportAsync("orders", orders, Gone));
        Assert.Contains("nothing changed", await ImportAsync("access-log", log, Other));
        Assert.Contains("nothing changed", await ImportAsync("orders", orders, Other));
    }

    [Fact]
    public async Task The_live_state_forgets_the_site_too()
    {
        await using var app = FootfallApp.Start(null, _data);
        await app.VisitAsync("de", 3, Gone);
        await app.VisitAsync("fr", 2, Other);
        await using var gone = await SseStream.OpenAsync(app, $"?site={Gone}");
        await using var other = await SseStream.OpenAsync(app, $"?site={Other}");
        await ShowsAsync(gone, "de", 3);
        await DeleteAsync();
        await ShowsAsync(gone, "de", 0);
        await app.VisitAsync("de", 1, Gone);
        await ShowsAsync(gone, "de", 1);
        await ShowsAsync(other, "fr", 2);
        Assert.Equal(1, (await app.StatsAsync(Gone))["de"]);
        Assert.Equal(2, (await app.StatsAsync(Other))["fr"]);
    }

    private static Task ShowsAsync(SseStream stream, string country, long visits) => Eventually.BecomesAsync(
        () => Task.FromResult(stream.ReadState(picture => (picture.Total(country), picture.Today(country), picture.Active(country),
            picture.Minutes(country).Sum())) == (visits, visits, visits, visits)),
        $"{visits} from {country}");

    private static async Task FillAsync(HttpClient http, string keys = "")
    {
        // Batches with hits of both.
        var both = Enumerable.Range(0, 100)
            .Select(i => $$"""{"site":"{{(i % 2 == 0 ? Gone : Other)}}","name":"visit","id":"b{{keys}}""" +
                $$"""-{{i}}","url":"https://x.example/{{(i % 2 == 0 ? Marker : "plain")}}","country":"US"}""");
        await ShopFixture.SendAsync(http, string.Join('\n', both));
        await ShopFixture.FillAsync(http, Gone, 350, Marker, keys: $"k{keys}");
        await ShopFixture.FillAsync(http, Other, 200, "plain", keys: $"k{keys}");
    }

    private async Task<CommandResult> DeleteAsync() => (await FootfallCommand.RunAsync(_data, "delete-site", Gone, "--yes")).HasExitCode(0);

    private static async Task AssertGoneAsync(FootfallProcess server, string other)
    {
        Assert.Equal("{}", await server.Http.GetStringAsync($"/api/v1/stats?site={Gone}", Stop));
        Assert.Null(await HitsAsync(server));
        Assert.Equal(other, await ShopFixture.DescribeAsync(server.Http, Other));
    }

    private static async Task<long> VisitsAsync(FootfallProcess server, string site = Gone) =>
        (await server.Http.GetFromJsonAsync<Dictionary<string, long>>($"/api/v1/stats?site={site}", Stop))!.Values.Sum();

    private static async Task<long?> HitsAsync(FootfallProcess server, string metric = "events")
    {
        await ShopFixture.WaitForHistoryAsync(server.Http);
        var rows = (await ShopFixture.QueryAsync(server.Http, Gone, $"\"{metric}\"", "\"visit:country\"")).AsArray();
        return rows.Count == 0 ? null : rows.Sum(row => (long)row!["metrics"]![0]!);
    }

    private object? Run(string sql) => JournalFile.ExecuteScalar(_data, sql);

    private long Length(string name) => new FileInfo(Path.Combine(_data, name)).Length;

    private void AssertNowhere(string text)
    {
        foreach (var file in Directory.EnumerateFiles(_data, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is not (".sock" or ".lock")))
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) < 0, $"{text} is in {file}.");
    }
}
