using System.Diagnostics;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Projection;
using Footfall.History.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Footfall.Tests.History;

/// <summary>
/// What a disk, an operator and another program can do to the history: hits are still counted, the error is reported once, and what can
/// be caught up is.
/// </summary>
public sealed class HistoryFaultTests : IDisposable
{
    private const string Visits = """{"site_id":"default","metrics":["visits"],"date_range":"day"}""";

    private readonly TemporaryDirectory _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_data, HistoryDatabase.FileName);

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task While_another_program_has_the_file_hits_are_counted_and_afterwards_they_are_in_it()
    {
        await using (var other = new DuckDBConnection($"DataSource={File}"))
        {
            await other.OpenAsync(Stop);
            await using var server = await FootfallProcess.StartAsync(_data);
            await VisitAsync(server, 3);
            Assert.Contains("Another program has the file open", await FailsAsync(server, tries: 2), StringComparison.Ordinal);
            await VisitAsync(server, 2);
            Assert.Equal(5, (await server.StatsAsync())["de"]);
            Assert.True(await server.Http.MetricAsync("footfall_history_lag_commits") >= 2);

            await other.CloseAsync();
            await server.Http.CaughtUpAsync();
            await IsWellAsync(server);
            Assert.Equal(["5"], await server.Http.QueryRowsAsync("visits"));
        }
    }

    [Fact]
    public async Task On_a_full_disk_hits_are_counted_and_they_are_in_the_history_when_there_is_room()
    {
        // A file of some size, so that nothing of it fits below the limit; the journal stays far below.
        Fill(hits: 20_000);
        Assert.True(new FileInfo(File).Length > 1 << 20);
        await using var server = await FootfallProcess.StartAsync(_data, "trap '' XFSZ; exec \"$@\"");
        await server.Http.CaughtUpAsync();
        await LimitFilesAsync(server, $"{600 << 10}:unlimited");
        // Items of one letter are few bytes in the journal and 70 in the history's log of changes.
        var items = string.Join(',', Enumerable.Repeat("""{"item_id":"a"}""", 200));
        var posted = 0;
        await Eventually.BecomesAsync(async () =>
        {
            await server.Http.EventsAsync(Enumerable.Repeat($$"""{"name":"view_item","url":"/","items":[{{items}}]}""", 20));
            posted += 20;
            // One by one, so that the journal does not come near the limit while the history is a second behind.
            var error = false;
            await Eventually.BecomesAsync(async () => await server.Http.HistoryAsync() is var history
                && ((error = history["error"] is not null) || (long?)history["lag_commits"] == 0), "it is in the history, or is not");
            return error;
        }, "the history's disk is full");
        await FailsAsync(server, tries: 2);
        await VisitAsync(server, 4);
        Assert.Equal(4, (await server.StatsAsync())["de"]);

        await LimitFilesAsync(server, "unlimited:unlimited");
        await server.Http.CaughtUpAsync();
        await IsWellAsync(server);
        Assert.Equal([$"view_item|{posted}", "visit|20004"], (await server.Http.QueryRowsAsync("events", "event:name")).Order());
        // Nothing half written is left for the next start.
        await server.KillAsync();
        await using var after = await FootfallProcess.StartAsync(_data);
        await after.Http.CaughtUpAsync();
        Assert.Equal([$"view_item|{posted}", "visit|20004"], (await after.Http.QueryRowsAsync("events", "event:name")).Order());
    }

    [Theory]
    [InlineData("garbage", "is not a valid DuckDB database file! The file is damaged. Stop Footfall, move")]
    [InlineData("letter", "is not a valid DuckDB database file! The file is damaged. Stop Footfall, move")]
    [InlineData("header", "The file is damaged. Stop Footfall, move")]
    [InlineData("half", "The file is damaged. Stop Footfall, move")]
    [InlineData("blocks", "The file is damaged. Stop Footfall, move")]
    [InlineData("log", "The write-ahead log is damaged. Stop Footfall, move")]
    [InlineData("directory", "Is a directory")]
    [InlineData("forbidden", "can't be opened")]
    public async Task A_file_that_can_not_be_used_costs_no_hit_and_without_it_the_history_starts_again(string damage, string sentence)
    {
        await DamageAsync(damage);
        await using (var server = await FootfallProcess.StartAsync(_data))
        {
            await VisitAsync(server, 2);
            Assert.Contains(sentence, await FailsAsync(server, tries: 2), StringComparison.Ordinal);
            Assert.Equal(2, (await server.StatsAsync())["de"]);
            if (damage == "directory") Directory.Delete(File);
            else foreach (var file in Directory.GetFiles(_data, $"{HistoryDatabase.FileName}*")) System.IO.File.Delete(file);
            await server.Http.CaughtUpAsync();
            await IsWellAsync(server);
            Assert.Equal(["2"], await server.Http.QueryRowsAsync("visits"));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4_096)]
    [InlineData(8_192)]
    public async Task A_file_whose_creation_was_interrupted_is_created_again(int length)
    {
        Fill(hits: 1);
        await using (var file = System.IO.File.OpenWrite(File)) file.SetLength(length);
        await using var server = await FootfallProcess.StartAsync(_data);
        await VisitAsync(server, 1);
        await server.Http.CaughtUpAsync();
        Assert.Equal(["1"], await server.Http.QueryRowsAsync("visits"));
        Assert.DoesNotContain("[401]", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_report_a_part_that_can_not_be_read_while_hits_are_still_stored()
    {
        Fill(hits: 60_000);
        DamageVisits();
        await using var server = await FootfallProcess.StartAsync(_data);
        await VisitAsync(server, 1);
        await server.Http.CaughtUpAsync();
        for (var i = 0; i < 3; i++) await IsUnavailableAsync(server,
            """{"site_id":"default","metrics":["visits"],"dimensions":["time:hour"],"date_range":"all"}""");
        Assert.Contains("The file is damaged.", await server.Http.FailsAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await server.Http.MetricAsync("footfall_history_failing"));
        Assert.Single(server.Output.Split('\n'), line => line.Contains("[410]", StringComparison.Ordinal));
        await VisitAsync(server, 1);
        await Eventually.BecomesAsync(async () => (long?)(await server.Http.HistoryAsync())["lag_commits"] == 0, "hits go in");
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
    }

    private static async Task VisitAsync(FootfallProcess server, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var answer = await server.Http.PostAsync("/api/v1/stats?countryCode=de", null, Stop);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
    }

    /// <summary>
    /// Waits for so many failed attempts, and asserts that the error is reported once in the log, in the metrics, and in query responses.
    /// </summary>
    private static async Task<string> FailsAsync(FootfallProcess server, int tries)
    {
        await Eventually.BecomesAsync(async () =>
            await server.Http.MetricAsync("footfall_history_failures_total") >= tries, "it tries again");
        var error = await server.Http.FailsAsync();
        Assert.Equal(1, await server.Http.MetricAsync("footfall_history_failing"));
        var line = Assert.Single(server.Output.Split('\n'), line => line.Contains("[401]", StringComparison.Ordinal));
        Assert.Contains(error, line, StringComparison.Ordinal);
        Assert.Matches(@"^[A-Z].*[.!]$", error);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        await IsUnavailableAsync(server, Visits);
        return error;
    }

    private static async Task IsUnavailableAsync(FootfallProcess server, string query)
    {
        var (status, body) = await server.Http.QueryAsync(query);
        Assert.True(status == HttpStatusCode.ServiceUnavailable, body.ToJsonString());
        Assert.Equal("HISTORY_UNAVAILABLE", (string?)body["code"]);
        Assert.Contains("Hits are still counted", (string?)body["error"], StringComparison.Ordinal);
    }

    private static async Task IsWellAsync(FootfallProcess server)
    {
        Assert.False((await server.Http.HistoryAsync()).ContainsKey("error"));
        Assert.Equal(0, await server.Http.MetricAsync("footfall_history_failing"));
        Assert.Equal(0, await server.Http.MetricAsync("footfall_history_lag_commits"));
        await Eventually.BecomesAsync(() => Task.FromResult(server.Output.Contains("[402]", StringComparison.Ordinal)), "it is said");
        Assert.Single(server.Output.Split('\n'), line => line.Contains("[402]", StringComparison.Ordinal));
    }

    private async Task DamageAsync(string damage)
    {
        switch (damage)
        {
            case "garbage": await System.IO.File.WriteAllTextAsync(File, new string('x', 100_000), Stop); return;
            case "letter": await System.IO.File.WriteAllTextAsync(File, "x", Stop); return;
            case "directory": Directory.CreateDirectory(File); return;
            case "forbidden": System.IO.File.CreateSymbolicLink(File, "/proc/version"); return;
            case "log":
                Fill(hits: 5_000, asIfKilled: true);
                await using (var log = System.IO.File.OpenWrite($"{File}.wal")) Overwrite(log, 1_000, 64);
                return;
        }
        Fill(hits: 5_000);
        await using var file = System.IO.File.OpenWrite(File);
        if (damage == "half") file.SetLength(file.Length / 2);
        // The file begins with a header and two more, 4 KiB each; the newer of the two is used.
        else Overwrite(file, damage == "header" ? 4_096 : 12_288, damage == "header" ? 8_192 : file.Length - 12_288);
    }

    /// <summary>Puts bare visits, which leave no identity behind that is read at the start, into a history.</summary>
    /// <param name="asIfKilled">Whether the log of changes is left beside the file.</param>
    private void Fill(int hits, bool asIfKilled = false)
    {
        var options = Options.Create(new FootfallOptions { DataDirectory = _data, History = new HistoryOptions { Threads = 1 } });
        using var database = new HistoryDatabase(options);
        database.Open();
        var sites = new SiteRegistry(options, TimeProvider.System);
        var journal = new FakeJournal();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        journal.Commit(now, Enumerable.Range(0, hits)
            .Select(i => new TestHit(sites.Default, now - i, HitKind.Visit) { Texts = { [DetailField.Path] = $"/{Guid.NewGuid()}" } }));
        using var projection = new HistoryWriter(database.Connect(), sites, TestKeyHashers.Any, new HistoryOptions(), TimeProvider.System);
        projection.Reconcile(journal, NullLogger.Instance);
        projection.ProjectNext(journal, int.MaxValue);
        // Of no journal, as after a rebuild from the exports of another machine: the server's own journal lacks nothing of it.
        projection.Connection.Execute("UPDATE progress SET journal = NULL");
        if (!asIfKilled) projection.Connection.Execute("CHECKPOINT");
        var left = Directory.GetFiles(_data, $"{HistoryDatabase.FileName}*").ToDictionary(file => file, System.IO.File.ReadAllBytes);
        projection.Dispose();
        database.Close();
        foreach (var (file, bytes) in left) System.IO.File.WriteAllBytes(file, bytes);
    }

    /// <summary>Damages a block that holds visits, and nothing that the program reads at its start.</summary>
    private void DamageVisits()
    {
        const int First = 12_288, Block = 262_144;
        var whole = System.IO.File.ReadAllBytes(File);
        for (var offset = First; offset < whole.Length; offset += Block)
        {
            using (var file = System.IO.File.Create(File))
            {
                file.Write(whole);
                Overwrite(file, offset + 1_000, 64);
            }
            try
            {
                using var connection = new DuckDBConnection($"DataSource={File};ACCESS_MODE=READ_ONLY");
                connection.Open();
                connection.Scalar<long>("SELECT max(id + length(text)) FROM texts");
                connection.Scalar<long>("SELECT max(page + time + visit + visitor + site) FROM hits");
                try
                {
                    connection.Scalar<long>("SELECT max(visit + start) FROM opened");
                }
                catch (DuckDBException)
                {
                    return;
                }
            }
            catch (DuckDBException)
            {
                // That block is needed for more.
            }
        }
        Assert.Fail("No block holds visits only.");
    }

    private static void Overwrite(FileStream file, long from, long length)
    {
        var garbage = new byte[length];
        new Random(1).NextBytes(garbage);
        file.Position = from;
        file.Write(garbage);
    }

    private static async Task LimitFilesAsync(FootfallProcess server, string bytes)
    {
        using var limit = Process.Start("prlimit", ["--pid", $"{server.Id}", $"--fsize={bytes}"]);
        await limit.WaitForExitAsync(Stop);
        Assert.Equal(0, limit.ExitCode);
    }
}
