using Footfall.Common;
using Footfall.Journal;
using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Footfall.Tests.Journal.Sqlite;

public sealed class SqliteJournalTests : JournalContract
{
    private readonly TemporaryDirectory _data = new();

    private sealed record Running(SqliteJournal Sqlite, SiteRegistry Sites) : IRunningJournal
    {
        public IJournal Journal => Sqlite;

        public ValueTask DisposeAsync()
        {
            Sqlite.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private protected override Task<IRunningJournal> OpenAsync() => Task.FromResult<IRunningJournal>(Open());

    private Running Open()
    {
        var options = Options.Create(new FootfallOptions { DataDirectory = _data });
        var sites = new SiteRegistry(options, TimeProvider.System);
        var metrics = new JournalMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        return new Running(new SqliteJournal(options, sites, new NullLiveState(), metrics, NullLogger<SqliteJournal>.Instance, Time),
            sites);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public void A_second_program_on_one_data_directory_refuses_to_start()
    {
        var error = Assert.Throws<StartupException>(Open);
        Assert.Contains("in use by another running Footfall", error.Message);
    }

    [Fact]
    public async Task What_is_answered_is_in_the_file()
    {
        await AppendAllAsync(Visit("US"), Page("FR", visitor: 5), Visit("FR", key: 3));
        using var database = new SqliteConnection($"Data Source={Path.Combine(_data, SqliteJournal.FileName)};Mode=ReadOnly;Pooling=False");
        database.Open();
        using var batch = database.CreateCommand();
        batch.CommandText = "SELECT hits, body FROM batches";
        using var row = batch.ExecuteReader();
        Assert.True(row.Read());
        Assert.Equal(3, row.GetInt64(0));
        var hits = new List<(Hit Hit, bool Opened)>();
        BatchFormat.Read(row.GetFieldValue<byte[]>(1), Sites.GetOrAddStored, (in hit, opened, _) => hits.Add((hit, opened)));
        Assert.Equal(["US", "FR", "FR"], hits.Select(hit => hit.Hit.Country.Code));
        Assert.Equal([HitKind.Visit, HitKind.PageView, HitKind.Visit], hits.Select(hit => hit.Hit.Kind));
        Assert.All(hits, hit => Assert.True(hit.Opened));
        Assert.Equal(5ul, hits[1].Hit.Visitor);
    }

    [Fact]
    public async Task A_gap_in_the_numbers_of_sites_which_a_failed_commit_leaves_gives_no_site_the_number_of_another()
    {
        await AppendAsync(Visit("US", site: "first.example"));
        Run("UPDATE sites SET id = 2; UPDATE counters SET site = 2");
        await ReopenAsync();

        await AppendAsync(Visit("US", site: "second.example"));
        await AppendAsync(Visit("US", site: "third.example"));
        await AppendAsync(Visit("FR", site: "third.example"));
        await ReopenAsync();

        foreach (var site in (string[])["first.example", "second.example", "third.example"]) Assert.Equal(1, await CountAsync("US", site));
        Assert.Equal(0, await CountAsync("FR", "first.example"));
        Assert.Equal(1, await CountAsync("FR", "third.example"));
    }

    [Fact]
    public async Task Stored_keys_that_are_too_old_are_forgotten_as_fast_as_they_came()
    {
        const int commits = 3 * SqliteStore.DeleteLimit;
        for (var key = 1ul; key <= commits; key++) await AppendAsync(Visit("US", key));
        Assert.Equal(commits, CountStoredKeys());

        Time.Advance(TimeSpan.FromHours(25));
        for (var i = 0; i < 10; i++) await AppendAsync(Visit("US"));
        await Eventually.BecomesAsync(() => Task.FromResult(CountStoredKeys() == 0), "the keys of yesterday are gone");
    }

    private long CountStoredKeys() => Run("SELECT count(*) FROM keys") is long count ? count : -1;

    private object? Run(string sql) => JournalFile.ExecuteScalar(_data, sql);
}
