
namespace Footfall.Tests.Journal.Sqlite;

/// <summary>
/// Damaged bytes in the files of a killed server: an error message, and never smaller counts. <c>bench/damage.sh</c> does it in
/// random places.
/// </summary>
public sealed class JournalDamageTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    /// <param name="from">From where on bytes are overwritten, as a part of the file.</param>
    /// <param name="folded">Whether the log is folded into the journal before.</param>
    [Theory]
    [InlineData("journal.db-wal", 0.0, 24, false)]
    [InlineData("journal.db-wal", 0.5, 4_000, false)]
    [InlineData("journal.db-wal", 0.9, 100, false)]
    [InlineData("journal.db", 0.9, 4_096, true)]
    [InlineData("journal.db", 0.3, 2_000, true)]
    [InlineData("journal.db", 0.0, 100, true)]
    [InlineData("salts.db", 0.1, 4_000, false)]
    public async Task A_damaged_file_is_reported_and_counts_are_right_or_missing(string name, double from, int length, bool folded)
    {
        long visits;
        await using (var server = await FootfallProcess.StartAsync(_data, null, ("Footfall__History__Enabled", "false")))
        {
            for (var i = 0; i < 40; i++)
            {
                var hits = ((string[])["DE", "FR"]).Select(code => new { name = "visit", country = code, id = $"{code}{i}" });
                using var response = await server.Http.PostAsync("/api/v1/events", JsonContent.Create(hits), Stop);
                Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            }
            visits = (await server.StatsAsync()).Values.Sum();
            Assert.Equal(80, visits);
            await server.KillAsync();
        }
        if (folded) JournalFile.ExecuteScalar(_data, "PRAGMA wal_checkpoint(TRUNCATE)");
        Overwrite(Path.Combine(_data, name), from, length);

        await using var damaged = FootfallProcess.Launch(_data, null, ("Footfall__History__Enabled", "false"));
        try
        {
            await damaged.WaitUntilListeningAsync();
        }
        catch (InvalidOperationException)
        {
            Assert.Equal(1, damaged.ExitCode);
            var file = Path.GetFileNameWithoutExtension(name);
            Assert.Matches($@"footfall: .*{file}.*(damaged|malformed|not a database).*\.", damaged.Output);
            Assert.DoesNotContain("   at ", damaged.Output, StringComparison.Ordinal);
            return;
        }
        using var stats = await damaged.Http.GetAsync("/api/v1/stats", Stop);
        using var health = await damaged.Http.GetAsync("/healthz", Stop);
        if (stats.IsSuccessStatusCode) Assert.Equal(visits, (await damaged.StatsAsync()).Values.Sum());
        else Assert.Contains("footfall accept-journal", await health.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", damaged.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_that_were_changed_under_the_program_are_not_served()
    {
        await using (var server = await FootfallProcess.StartAsync(_data))
        {
            (await server.Http.PostAsync("/api/v1/stats?countryCode=de", null, Stop)).Dispose();
            await server.KillAsync();
        }
        JournalFile.ExecuteScalar(_data, "UPDATE counters SET visits = 0");
        await using var damaged = await FootfallProcess.StartAsync(_data);
        using var health = await damaged.Http.GetAsync("/healthz", Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        var sentence = await health.Content.ReadAsStringAsync(Stop);
        Assert.Contains("The counts in journal.db do not match its last commit", sentence, StringComparison.Ordinal);
    }

    private static void Overwrite(string path, double from, int length)
    {
        using var file = File.OpenWrite(path);
        var garbage = new byte[length];
        new Random(1).NextBytes(garbage);
        file.Position = Math.Min((long)(file.Length * from), file.Length - length);
        file.Write(garbage);
    }
}
