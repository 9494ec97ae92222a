using Footfall.History;
using Footfall.History.Planning;
using Footfall.History.Store;
using Footfall.Words;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Footfall.Tests.History;

public sealed class DuckHistoryTests : HistoryContract
{
    private readonly TemporaryDirectory _data = new();
    private string _place = "";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _data.Dispose();
    }

    private protected override async Task<IRunningHistory> OpenAsync(int hitsDays = 0, string? place = null)
    {
        _place = place ?? _place;
        var options = Microsoft.Extensions.Options.Options.Create(new FootfallOptions { DataDirectory = Path.Combine(_data, _place), History = new HistoryOptions { Threads = 1, HitsDays = hitsDays } });
        var database = new HistoryDatabase(options);
        var status = new HistoryStatus(Source, Time);
        var registry = Metrics.NewCustomRegistry();
        var projector = new Projector(database, Source, Sites, Hashers.Any, status,
            new HistoryMetrics(Metrics.WithCustomRegistry(registry), registry, status), Time, options, NullLogger<Projector>.Instance);
        await projector.StartAsync(CancellationToken.None);
        var queries = new HistoryQueries(database.Connect, new Rates(null, Time, NullLogger<Rates>.Instance));
        return new Running(database, projector, status, new DuckHistory(queries, database, status, NullLogger<DuckHistory>.Instance), () => LocalDay.DateOf(Berlin.DayOf(Time.GetUtcNow().ToUnixTimeMilliseconds())));
    }

    private sealed record Running(HistoryDatabase Database, Projector Projector, HistoryStatus Status, IHistory History, Func<DateOnly> Today) : IRunningHistory
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
