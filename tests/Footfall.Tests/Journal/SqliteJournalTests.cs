using Footfall.Journal;
using Footfall.Live;
using Footfall.Words;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Footfall.Tests.Journal;

public sealed class SqliteJournalTests : JournalContract
{
    private readonly TemporaryDirectory _data = new();

    private sealed record Running(SqliteJournal Sqlite, Sites Sites) : IRunningJournal
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
        var sites = new Sites(options);
        var metrics = new JournalMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        return new Running(new SqliteJournal(options, sites, new NobodyWatches(), metrics, NullLogger<SqliteJournal>.Instance, Time), sites);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public void A_second_program_on_one_data_directory_refuses_to_start()
    {
        var error = Assert.Throws<StartException>(Open);
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
        BatchFormat.Read(row.GetFieldValue<byte[]>(1), Sites.Restore, (in hit, opened, _) => hits.Add((hit, opened)));
        Assert.Equal(["US", "FR", "FR"], hits.Select(hit => hit.Hit.Country.Code));
        Assert.Equal([HitKind.Visit, HitKind.PageView, HitKind.Visit], hits.Select(hit => hit.Hit.Kind));
        Assert.All(hits, hit => Assert.True(hit.Opened));
        Assert.Equal(5ul, hits[1].Hit.Visitor);
    }

    private sealed class NobodyWatches : ILive
    {
        public void Load(Site site, Country country, long visits, int day, long today)
        {
        }

        public void Fold(ReadOnlySpan<Hit> hits, ReadOnlySpan<Outcome> outcomes, bool replayed)
        {
        }
    }
}
