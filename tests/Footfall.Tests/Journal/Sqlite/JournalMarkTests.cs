using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Footfall.Common;
using Footfall.Journal.Sqlite;
using Footfall.Tests.History;

namespace Footfall.Tests.Journal.Sqlite;

/// <summary>A journal that lacks acknowledged hits: it counts nothing until an operator accepts it.</summary>
public sealed class JournalMarkTests : IDisposable
{
    private readonly TemporaryDirectory _data = new(), _copy = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _data.Dispose();
        _copy.Dispose();
    }

    /// <param name="history">Whether there is one, which knows it without the mark.</param>
    /// <param name="mark">Whether the mark is there, which knows it without a history.</param>
    [Theory]
    [InlineData(true, true, "older")]
    [InlineData(true, false, "older")]
    [InlineData(false, true, "older")]
    [InlineData(true, true, "gone")]
    [InlineData(true, false, "gone")]
    [InlineData(false, true, "gone")]
    [InlineData(false, true, "emptied")]
    public async Task It_refuses_hits_with_a_sentence_until_it_is_accepted(bool history, bool mark, string journal)
    {
        await CountAsync(3, history);
        Copy(_data, _copy);
        await CountAsync(4, history);
        foreach (var file in Directory.GetFiles(_data, $"{SqliteJournal.FileName}*")) if (journal != "emptied") File.Delete(file);
        if (journal == "older") Copy(_copy, _data);
        if (journal == "emptied") JournalFile.ExecuteScalar(_data, "DELETE FROM batches; DELETE FROM counters");
        if (!mark) File.Delete(Path.Combine(_data, JournalMark.FileName));

        await using (var server = await StartAsync(history))
        {
            await RefusesAsync(server);
            Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        }
        // A second start finds the same.
        await using (var server = await StartAsync(history)) await RefusesAsync(server);
        if (mark)
        {
            var log = Path.Combine(_copy, "any.log");
            var refused = await Assert.ThrowsAsync<StartupException>(() => FootfallCommand.RunAsync(_data, "import", "access-log", log));
            Assert.Contains("footfall accept-journal", refused.Message, StringComparison.Ordinal);
        }
        var accepted = (await FootfallCommand.RunAsync(_data, "accept-journal")).HasExitCode(0);
        Assert.Contains("accepted as it is", accepted.Output, StringComparison.Ordinal);
        var left = journal == "older" ? 3 : 0;
        await using (var server = await StartAsync(history))
        {
            await VisitAsync(server, 2);
            Assert.Equal(left + 2, (await server.StatsAsync())["de"]);
            if (!history) return;
            await server.Http.CaughtUpAsync();
            // Acknowledged hits that the journal lost are still in the history, and nothing is in it twice.
            Assert.Equal(["9"], await server.Http.QueryRowsAsync("visits"));
        }
    }

    [Fact]
    public async Task A_journal_that_is_killed_restored_or_has_lost_a_site_is_not_behind()
    {
        await using (var server = await StartAsync(history: true))
        {
            await VisitAsync(server, 3);
            await VisitAsync(server, 2, "gone.example");
            await server.Http.CaughtUpAsync();
            await server.KillAsync();
        }
        (await FootfallCommand.RunAsync(_data, "backup", Path.Combine(_copy, "backup"))).HasExitCode(0);
        (await FootfallCommand.RunAsync(_data, "delete-site", "gone.example", "--yes")).HasExitCode(0);
        await using (var server = await StartAsync(history: true)) await VisitAsync(server, 1);
        (await FootfallCommand.RunAsync(_data, "restore", Path.Combine(_copy, "backup"), "--force")).HasExitCode(0);
        await using (var server = await StartAsync(history: true))
        {
            await VisitAsync(server, 1);
            Assert.Equal(4, (await server.StatsAsync())["de"]);
        }
    }

    private static async Task RefusesAsync(FootfallProcess server)
    {
        using var health = await server.Http.GetAsync("/healthz", Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        var sentence = (string)JsonNode.Parse(await health.Content.ReadAsStringAsync(Stop))!["error"]!;
        Assert.Contains("footfall accept-journal", sentence, StringComparison.Ordinal);
        Assert.Single(server.Output.Split('\n'), line => line.Contains(sentence, StringComparison.Ordinal));
        using var hit = await server.Http.PostAsync("/api/v1/stats?countryCode=de", null, Stop);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "JOURNAL_UNAVAILABLE"), (hit.StatusCode, await CodeAsync(hit)));
        using var counts = await server.Http.GetAsync("/api/v1/stats", Stop);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "JOURNAL_UNREADABLE"), (counts.StatusCode, await CodeAsync(counts)));
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response) =>
        (string?)(await response.Content.ReadFromJsonAsync<JsonObject>(Stop))!["code"];

    private static async Task VisitAsync(FootfallProcess server, int times, string site = "default")
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await server.Http.PostAsync($"/api/v1/stats?countryCode=de&site={site}", null, Stop);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, $"{SqliteJournal.FileName}*"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }

    private async Task CountAsync(int visits, bool history)
    {
        await using var server = await StartAsync(history);
        await VisitAsync(server, visits);
        if (history) await server.Http.CaughtUpAsync();
        await server.SignalAsync("TERM");
        await server.WaitForExitAsync();
    }

    private Task<FootfallProcess> StartAsync(bool history) =>
        FootfallProcess.StartAsync(_data, null, ("Footfall__History__Enabled", $"{history}"));
}
