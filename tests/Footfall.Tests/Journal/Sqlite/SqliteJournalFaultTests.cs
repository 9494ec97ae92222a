using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footfall.Tests.Journal.Sqlite;

/// <summary>What a disk and an operator can do to the journal, on the real program.</summary>
public sealed class SqliteJournalFaultTests
{
    /// <summary>A write beyond the limit of a file's size is an error to the program, as on a full disk, and no signal.</summary>
    private const string ErrorsNotSignals = "trap '' XFSZ; exec \"$@\"";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_full_disk_hits_are_refused_with_503_and_the_program_recovers_by_itself()
    {
        using var data = new TemporaryDirectory();
        await using var server = await FootfallProcess.StartAsync(data, ErrorsNotSignals);
        await LimitFilesAsync(server, "524288:unlimited");
        var (answered, refused) = (0L, 0);
        while (refused < 5)
        {
            using var response = await PostAsync(server, 500);
            if (response.StatusCode == HttpStatusCode.Accepted) answered += 500;
            else
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                Assert.NotNull(response.Headers.RetryAfter);
                Assert.Contains("JOURNAL_UNAVAILABLE", await response.Content.ReadAsStringAsync(Stop));
                refused++;
            }
            Assert.True(answered < 10_000_000, "The limit of the file's size has no effect.");
        }
        Assert.Equal(answered, (await server.StatsAsync()).Values.Sum());

        await LimitFilesAsync(server, "unlimited:unlimited");
        await Eventually.BecomesAsync(async () =>
        {
            using var response = await PostAsync(server, 1);
            if (!response.IsSuccessStatusCode) return false;
            answered++;
            return true;
        }, "hits are accepted again");
        Assert.Equal(answered, (await server.StatsAsync()).Values.Sum());

        await server.KillAsync();
        await using var after = await FootfallProcess.StartAsync(data);
        Assert.Equal(answered, (await after.StatsAsync()).Values.Sum());
    }

    [Fact]
    public async Task A_torn_tail_of_the_log_costs_nothing_that_was_answered_before_it()
    {
        using var data = new TemporaryDirectory();
        await using (var server = await FootfallProcess.StartAsync(data))
        {
            (await PostAsync(server, 300)).Dispose();
            await server.KillAsync();
        }
        await using (var log = new FileStream(Path.Combine(data, SqliteJournal.FileName + "-wal"), FileMode.Append))
        {
            var garbage = new byte[10_000];
            new Random(1).NextBytes(garbage);
            await log.WriteAsync(garbage, Stop);
        }
        await using var after = await FootfallProcess.StartAsync(data);
        Assert.Equal(300, (await after.StatsAsync())["de"]);
        (await PostAsync(after, 1)).Dispose();
        Assert.Equal(301, (await after.StatsAsync())["de"]);
    }

    [Fact]
    public async Task A_file_that_is_no_journal_stops_the_start_with_a_sentence()
    {
        using var data = new TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(data, SqliteJournal.FileName), new string('x', 10_000), Stop);
        await using var server = FootfallProcess.Launch(data);
        await server.WaitForExitAsync();
        Assert.Equal(1, server.ExitCode);
        Assert.Contains("journal.db can't be opened", server.Output);
        Assert.DoesNotContain("   at ", server.Output);
    }

    [Fact]
    public async Task A_second_program_on_one_data_directory_refuses_to_start()
    {
        using var data = new TemporaryDirectory();
        await using var first = await FootfallProcess.StartAsync(data);
        await using var second = FootfallProcess.Launch(data);
        await second.WaitForExitAsync();
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("in use by another running Footfall", second.Output);
        Assert.DoesNotContain("   at ", second.Output);
        (await PostAsync(first, 1)).Dispose();
        Assert.Equal(1, (await first.StatsAsync())["de"]);
    }

    [Fact]
    public async Task A_store_that_is_locked_by_another_is_a_503_and_not_a_hang()
    {
        using var data = new TemporaryDirectory();
        await using var app = FootfallApp.Start(null, data);
        await app.VisitAsync("us");
        using (var other = new SqliteConnection($"Data Source={Path.Combine(data, SqliteJournal.FileName)};Pooling=False"))
        {
            other.Open();
            using var locking = other.CreateCommand();
            locking.CommandText = "BEGIN IMMEDIATE";
            locking.ExecuteNonQuery();
            using var response = await app.Http.PostAsync("/api/v1/stats?countryCode=us", null, Stop);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
        await Eventually.BecomesAsync(async () =>
            (await app.Http.PostAsync("/api/v1/stats?countryCode=us", null, Stop)).IsSuccessStatusCode, "hits are accepted again");
        Assert.Equal(2, (await app.StatsAsync())["us"]);
    }

    [Fact]
    public async Task A_stop_answers_every_request_under_way_and_loses_nothing()
    {
        using var data = new TemporaryDirectory();
        long answered = 0, unknown = 0;
        await using (var server = await FootfallProcess.StartAsync(data))
        {
            var started = new TaskCompletionSource();
            var clients = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    try
                    {
                        using var response = await server.Http.PostAsync("/api/v1/stats?countryCode=se", null, Stop);
                        if (response.StatusCode == HttpStatusCode.Created) Interlocked.Increment(ref answered);
                        if (Interlocked.Read(ref answered) > 200) started.TrySetResult();
                        if (!response.IsSuccessStatusCode) return;
                    }
                    catch (HttpRequestException error)
                    {
                        // A connection that was never accepted carried no hit; one that broke after the request is a lost response.
                        if (error.HttpRequestError != HttpRequestError.ConnectionError) Interlocked.Increment(ref unknown);
                        return;
                    }
                }
            }, Stop)).ToArray();
            await started.Task.WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System, Stop);
            await server.SignalAsync("TERM");
            await Task.WhenAll(clients);
            await server.WaitForExitAsync();
            Assert.Equal(0, server.ExitCode);
        }
        await using var after = await FootfallProcess.StartAsync(data);
        Assert.InRange((await after.StatsAsync())["se"], answered, answered + unknown);
    }

    private static async Task LimitFilesAsync(FootfallProcess server, string bytes)
    {
        using var limit = System.Diagnostics.Process.Start("prlimit", ["--pid", $"{server.Id}", $"--fsize={bytes}"]);
        await limit.WaitForExitAsync(Stop);
        Assert.Equal(0, limit.ExitCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(FootfallProcess server, int hits) => await server.Http.PostAsync(
        "/api/v1/events",
        new StringContent(string.Join('\n',
            Enumerable.Repeat("""{"name":"visit","country":"DE","url":"/a/rather/long/path/that/fills/the/file"}""", hits)),
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson")), Stop);
}
