using Footfall.Commands;
using Footfall.Common;
using Footfall.History.Schema;
using Footfall.Journal.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.History.Rebuild;

public sealed class RebuildTests : IDisposable
{
    private readonly TemporaryDirectory _data = new(), _files = new();

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData("ndjson", true)]
    [InlineData("csv", false)]
    [InlineData("parquet", true)]
    public async Task A_rebuilt_history_has_the_same_results_and_continues(string format, bool withoutOld)
    {
        // All queries once: they are slow.
        var all = format == "ndjson";
        await using var shop = await SimulatedShop.StartAsync(_data, closed: all);
        string[] files =
            [await shop.ExportAsync(SimulatedShop.Berlin, format, _files), await shop.ExportAsync(SimulatedShop.Other, format, _files)];
        await shop.SendLateHitsAsync();
        await shop.WaitForHistoryAsync();
        var before = await shop.QueryAllAsync(all);
        Assert.Contains(before, answer => answer.Contains(" 200 [{", StringComparison.Ordinal));
        var (hits, money) = Contents();
        await shop.StopAsync();
        if (withoutOld) File.Delete(Path.Combine(_data, HistoryDatabase.FileName));

        var output = await RebuildAsync(0, files);
        Assert.Contains("The history was rebuilt", output);
        Assert.Equal(!withoutOld, output.Contains("The old one is kept"));
        shop.Run();
        await shop.WaitForHistoryAsync();
        Assert.Equal((hits, money), Contents());
        Assert.Equal(before, await shop.QueryAllAsync(all));
        if (!all) return;
        await shop.WaitForRollupsAsync();
        Assert.Equal(before, await shop.QueryAllAsync(all));

        (long, decimal) Contents()
        {
            using var connection = shop.App.Services.GetRequiredService<HistoryDatabase>().Connect();
            return (connection.Scalar<long>("SELECT (SELECT count(*) FROM hits) + (SELECT count(*) FROM bots)"),
                connection.Scalar<decimal>("SELECT sum(value) FROM orders"));
        }
    }

    [Fact]
    public async Task An_export_of_a_rebuilt_history_is_the_same_export()
    {
        await using var shop = await SimulatedShop.StartAsync(_data);
        string[] files =
            [await shop.ExportAsync(SimulatedShop.Berlin, "csv", _files), await shop.ExportAsync(SimulatedShop.Other, "csv", _files)];
        await shop.StopAsync();
        await RebuildAsync(0, files);
        using var again = new TemporaryDirectory();
        shop.Run();
        await shop.WaitForHistoryAsync();
        foreach (var file in files)
            Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), await File.ReadAllTextAsync(
                await shop.ExportAsync(Path.GetFileName(file)[..^8], "csv", again), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_hit_in_several_files_is_taken_once_and_files_of_several_times_fit_together()
    {
        await using var shop = await SimulatedShop.StartAsync(_data);
        var first = await shop.ExportAsync(SimulatedShop.Berlin, "ndjson", _files, "2024-03-01,2024-03-31");
        await shop.SendLateHitsAsync();
        await shop.WaitForHistoryAsync();
        var second = await shop.ExportAsync(SimulatedShop.Berlin, "csv", _files, "2024-03-30,2024-04-30");
        var third = await shop.ExportAsync(SimulatedShop.Other, "parquet", _files);
        var before = await shop.QueryAllAsync();
        await shop.StopAsync();
        var output = await RebuildAsync(0, first, second, third);
        Assert.Contains("were in several files", output);
        Assert.Contains("came after position", output);
        shop.Run();
        await shop.WaitForHistoryAsync();
        Assert.Equal(before, await shop.QueryAllAsync());
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_a_sentence_and_the_history_stays()
    {
        await using var shop = await SimulatedShop.StartAsync(_data);
        var berlin = await shop.ExportAsync(SimulatedShop.Berlin, "ndjson", _files);
        var other = await shop.ExportAsync(SimulatedShop.Other, "ndjson", _files);
        var part = await shop.ExportAsync(SimulatedShop.Berlin, "csv", _files,
            "2024-03-30T09:00:10Z,2024-04-01T10:00:00Z".Replace(":", "%3A"));
        var error = await Assert.ThrowsAsync<StartupException>(() => RebuildAsync(1, berlin, other));
        Assert.Contains("in use by another running Footfall", error.Message);
        var before = await shop.QueryAllAsync();
        await shop.StopAsync();

        Assert.Contains("--allow-missing-sites", await RebuildAsync(1, berlin));
        Assert.Contains("partial days", await RebuildAsync(1, part, other));
        var lines = await File.ReadAllLinesAsync(berlin, TestContext.Current.CancellationToken);
        Assert.Contains("the download was interrupted", await RebuildAsync(1, Write("cut", string.Join('\n', lines[..^3]) + "\n"), other));
        Assert.Contains("If the download was interrupted", await RebuildAsync(1, Write("half", string.Join('\n', lines)[..^20]), other));
        Assert.Contains("no column",
            await RebuildAsync(1, Write("old", string.Join('\n', lines).Replace("\"visit_start\"", "\"begun\"")), other));
        Assert.Contains("different journals",
            await RebuildAsync(1, Write("foreign", string.Join('\n', lines).Replace(Snapshot(lines), Guid.NewGuid().ToString())), other));
        Assert.Contains("can't be read", await RebuildAsync(1, Path.Combine(_files, "none")));
        Assert.Contains("is empty", await RebuildAsync(1, Write("nothing", "")));
        // The same positions with other hits.
        Assert.Contains("disagree",
            await RebuildAsync(1, berlin, Write("twisted", string.Join('\n', lines).Replace("\"visit\":1,", "\"visit\":100001,")), other));
        Assert.Equal([HistoryDatabase.FileName], Directory.GetFiles(_data, "history*").Select(Path.GetFileName));

        shop.Run();
        await shop.WaitForHistoryAsync();
        Assert.Equal(before, await shop.QueryAllAsync());
    }

    [Fact]
    public async Task Exports_that_end_before_the_journal_begins_are_refused()
    {
        await using var shop = await SimulatedShop.StartAsync(_data);
        string[] files =
            [await shop.ExportAsync(SimulatedShop.Berlin, "ndjson", _files), await shop.ExportAsync(SimulatedShop.Other, "ndjson", _files)];
        var exported = long.Parse((await File.ReadAllLinesAsync(files[0], TestContext.Current.CancellationToken))[0]
            .Split("\"snapshot\":\"")[1].Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
        await shop.SendLateHitsAsync();
        await shop.AdvanceAsync(TimeSpan.FromHours(3));
        await Eventually.BecomesAsync(
            async () =>
            {
                // With the next commit the journal deletes what it has kept long enough.
                await shop.SendLateHitsAsync();
                await shop.WaitForHistoryAsync();
                return SqliteStore.QueryReadOnly(Path.Combine(_data, SqliteJournal.FileName), "SELECT min(position) FROM batches")
                    .Select(row => row.GetInt64(0)).Single() > exported;
            },
            "the journal has let go");
        await shop.StopAsync();
        Assert.Contains("the hits in between would be lost", await RebuildAsync(1, files));
    }

    [Fact]
    public async Task On_an_empty_directory_the_hits_of_the_exports_are_joined_by_those_that_come()
    {
        await using (var shop = await SimulatedShop.StartAsync(_data))
        {
            var file = await shop.ExportAsync(SimulatedShop.Other, "parquet", _files);
            await shop.StopAsync();
            foreach (var old in Directory.GetFiles(_data)) File.Delete(old);
            await RebuildAsync(0, file);
            shop.Run();
            await shop.WaitForHistoryAsync();
            var before = new FileInfo(await shop.ExportAsync(SimulatedShop.Other, "csv", _files)).Length;
            Assert.True(before > 1_000);
            await shop.SendLateHitsAsync();
            await shop.WaitForHistoryAsync();
            Assert.True(new FileInfo(await shop.ExportAsync(SimulatedShop.Other, "csv", _files)).Length > before);
        }
    }

    private static string Snapshot(string[] lines) => lines[0].Split("\"snapshot\":\"")[1].Split('/')[0];

    private string Write(string name, string content)
    {
        var path = Path.Combine(_files, name);
        File.WriteAllText(path, content);
        return path;
    }

    private async Task<string> RebuildAsync(int exitCode, params string[] files)
    {
        var output = new StringWriter();
        var code = await CommandLineApp.RunAsync(["rebuild-history", .. files, "-d", _data], output, output);
        Assert.True(exitCode == code, output.ToString());
        return output.ToString();
    }
}
