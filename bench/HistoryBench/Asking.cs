using System.Diagnostics;
using System.Text.Json;
using DuckDB.NET.Data;
using Footfall.Api.Query;
using Footfall.Common;
using Footfall.History;
using Footfall.History.Queries;
using Footfall.History.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HistoryBench;

/// <summary>
/// Runs the dashboard's queries as the endpoint does, from the text of the query to that of the result, each beside the plain scan of the
/// hits by the same engine.
/// </summary>
internal sealed class Asking : IDisposable
{
    private const double SlowScan = 1_000, VerySlowScan = 5_000;

    private readonly QueryParser _parser;
    private readonly QueryRunner _runner;
    private readonly DuckDBConnection _connection;
    private readonly DateOnly _today;
    private readonly int _rounds, _scans;

    public Asking(HistoryDatabase database, IOptions<FootfallOptions> options, int rounds, bool scans)
    {
        (_rounds, _scans) = (rounds, scans ? rounds : 0);
        _connection = database.Connect();
        _today = _connection.Scalar<DateOnly>("SELECT max(day) FROM hits");
        var sites = new SiteRegistry(options, TimeProvider.System);
        sites.GetOrAddStored(Dashboard.Site);
        _parser = new QueryParser(sites, new Segments(options));
        var queries = new HistoryQueries(database.Connect,
            new ExchangeRatesFile(null, TimeProvider.System, NullLogger<ExchangeRatesFile>.Instance));
        _runner = new QueryRunner(new Store(queries), new Nothing(), new At(_today));
    }

    /// <param name="name">The query to run; null for all of them.</param>
    /// <returns>Whether every result equals that of the scan.</returns>
    public async Task<bool> RunAsync(string? name)
    {
        Console.WriteLine(
            $"Milliseconds of {_rounds} askings after one that doesn't count: median, p95 (nearest rank), and the median of up to " +
            $"{_rounds} plain scans (3 where one takes over a second, 1 where it takes over five).");
        Console.WriteLine($"{"",-34}{"",4}{"median",10}{"p95",9}{"scan",10}{"ratio",8}");
        var asked = new List<(string Title, DashboardQuestion Question, byte[] Answer, List<double> Times)>();
        foreach (var (period, first) in ((string, DateOnly)[])[("30 days", _today.AddDays(-29)),
            ("12 months", new DateOnly(_today.Year, _today.Month, 1).AddMonths(-11))])
        {
            foreach (var country in (string?[])[null, "DE"])
            {
                foreach (var question in Dashboard.Of(first, _today, country).Where(question => name is null || question.Name == name))
                {
                    var (answer, times) = await TimeAsync(question.Query);
                    asked.Add(($"{period}{(country is null ? "" : ", of " + country)}", question, answer, times));
                }
            }
        }
        var filtered = name is null ? await TimeAsync(Dashboard.WithTwoFilters(_today.AddDays(-29), _today)) : default;
        // Before the scans, which are given more memory than the history ever takes.
        var memory = Sizes.Memory();
        if (_scans > 0) _connection.Execute($"SET memory_limit = '{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3 >> 20}MiB'");
        var good = true;
        foreach (var group in asked.GroupBy(each => each.Title))
        {
            Console.WriteLine(group.Key);
            foreach (var (_, question, answer, times) in group) good &= One(question, answer, times);
        }
        if (name is null)
        {
            Console.WriteLine("30 days, two filters that no rollup has (goal: under 1,500)");
            Console.WriteLine(
                $"  {"page contains, browser is",-36}{Median(filtered.Times),10:N1}{P95(filtered.Times),9:N1}   " +
                $"{First(filtered.Answer):N0} visitors");
        }
        Console.WriteLine(memory);
        return good;
    }

    public void Dispose() => _connection.Dispose();

    private bool One(DashboardQuestion question, byte[] answer, List<double> times)
    {
        var scans = new List<double>();
        var scanned = 0L;
        for (var round = 0; round < _scans && !(round >= 3 && scans.Max() > SlowScan)
            && !(round >= 1 && scans.Max() > VerySlowScan); round++)
        {
            var clock = Stopwatch.StartNew();
            // The period itself comes first.
            for (var i = question.Scans.Count - 1; i >= 0; i--) scanned = Scan(question.Scans[i]);
            scans.Add(clock.Elapsed.TotalMilliseconds);
        }
        if (scans.Count == 0)
        {
            Console.WriteLine($"  {question.Name,-36}{Median(times),10:N1}{P95(times),9:N1}{(P95(times) < 100 ? "" : "  over 100 ms")}");
            return true;
        }
        var (median, scan) = (Median(times), Median(scans));
        var same = First(answer) == scanned;
        var verdict = $"{(P95(times) < 100 ? "" : "  over 100 ms")}{(scan <= 500 || scan / median >= 5 ? "" : "  under 5 times")}" +
            $"{(same ? "" : $"  WRONG: {First(answer)}, the scan has {scanned}")}";
        Console.WriteLine($"  {question.Name,-36}{median,10:N1}{P95(times),9:N1}{scan,10:N1}{scan / median,8:N1}{verdict}");
        return same;
    }

    private async Task<(byte[] Answer, List<double> Times)> TimeAsync(JsonElement query)
    {
        var times = new List<double>();
        byte[] answer = [];
        for (var round = 0; round <= _rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            var request = _parser.Parse(query);
            answer = (request.Funnel is null
                ? ResultWriter.Write(await _runner.RunAsync(request, CancellationToken.None))
                : ResultWriter.Write(await _runner.RunFunnelAsync(request, CancellationToken.None))).WrittenSpan.ToArray();
            if (round > 0) times.Add(clock.Elapsed.TotalMilliseconds);
        }
        return (answer, times);
    }

    /// <returns>The first number of the first row; the rest is read too.</returns>
    private long Scan(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var first = reader.Read() ? Convert.ToInt64(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture) : 0;
        while (reader.Read()) { }
        return first;
    }

    /// <summary>The largest first metric of a result.</summary>
    private static long First(byte[] answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("metrics")[0].GetInt64())
            .DefaultIfEmpty(0).Max();
    }

    private static double Median(List<double> times)
    {
        var sorted = times.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static double P95(List<double> times) => times.Order().ElementAt((int)Math.Ceiling(times.Count * 0.95) - 1);

    /// <summary>The store, without the error reports that a server adds.</summary>
    private sealed class Store(HistoryQueries queries) : IHistory
    {
        public Task<StatsResult> QueryAsync(StatsQuery question, CancellationToken cancellationToken) =>
            Task.FromResult(queries.Query(question, cancellationToken));

        public Task<FunnelStats> QueryAsync(FunnelQuery question, CancellationToken cancellationToken) =>
            Task.FromResult(queries.Query(question, cancellationToken));

        public Task<long?> GetFirstHitAsync(Site site, CancellationToken cancellationToken) =>
            Task.FromResult(queries.FindFirstHit(site, cancellationToken));

        public Task<IReadOnlyList<DailyCount>> GetDailyCountsAsync(int since, long position, CancellationToken cancellationToken) =>
            Task.FromResult(queries.ReadDailyCounts(since, position, cancellationToken));
    }

    private sealed class Nothing : IRealtimeReader
    {
        public RealtimeCounts Read(Site site) => new([], []);
    }

    /// <summary>The last minute of the last day that has hits, whenever they were made.</summary>
    private sealed class At(DateOnly today) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(today, new TimeOnly(23, 59), TimeSpan.Zero);
    }
}
