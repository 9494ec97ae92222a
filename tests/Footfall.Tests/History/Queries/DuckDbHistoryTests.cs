using Footfall.Common;
using Footfall.History;
using Footfall.History.Projection;
using Footfall.History.Queries;
using Footfall.History.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Footfall.Tests.History.Queries;

public sealed class DuckDbHistoryTests : HistoryContract
{
    private readonly TemporaryDirectory _data = new();
    private string _folder = "";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _data.Dispose();
    }

    private protected override async Task<IRunningHistory> OpenAsync(int hitsDays = 0, string? folder = null)
    {
        _folder = folder ?? _folder;
        var options = Microsoft.Extensions.Options.Options.Create(new FootfallOptions
        {
            DataDirectory = Path.Combine(_data, _folder),
            History = new HistoryOptions { Threads = 1, HitsDays = hitsDays }
        });
        var database = new HistoryDatabase(options);
        var status = new HistoryStatus(Source, Time);
        var registry = Metrics.NewCustomRegistry();
        var projector = new Projector(database, Source, Sites, TestKeyHashers.Any, status,
            new HistoryMetrics(Metrics.WithCustomRegistry(registry), registry, status), Time, options, NullLogger<Projector>.Instance);
        await projector.StartAsync(CancellationToken.None);
        var queries = new HistoryQueries(database.Connect, new ExchangeRatesFile(null, Time, NullLogger<ExchangeRatesFile>.Instance));
        return new Running(database, projector, status, new DuckDbHistory(queries, database, status, NullLogger<DuckDbHistory>.Instance),
            () => LocalDay.DateOf(Berlin.DayOf(Time.GetUtcNow().ToUnixTimeMilliseconds())));
    }

    private sealed record Running(HistoryDatabase Database, Projector Projector, HistoryStatus Status, IHistory History,
        Func<DateOnly> Today) : IRunningHistory
    {
        public Task<bool> IsTidyAsync()
        {
            using var connection = Database.Connect();
            return Task.FromResult(connection.Scalar<long>("SELECT count(*) FROM open_days WHERE day < $1", Today()) == 0);
        }

        public async ValueTask DisposeAsync()
        {
            await Projector.StopAsync(CancellationToken.None);
            Projector.Dispose();
            Database.Dispose();
        }
    }
}
