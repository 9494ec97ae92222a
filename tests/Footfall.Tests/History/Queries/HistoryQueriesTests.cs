using System.Globalization;
using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History;
using Footfall.History.Queries;
using Footfall.History.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footfall.Tests.History.Queries;

[Collection(nameof(ModelShopDatabase))]
public sealed class HistoryQueriesTests(ModelShopDatabase store)
{
    private static readonly string[] Hostile =
    [
        "'; DROP TABLE hits; --", "$1", "$99", "?", "%", "_", "\"", "\\", "') OR 1=1 --", "NULL", "{days}", "{0}", "\u0000", "a\u0000b",
        "\ud83d\ude00", "\ud800", "'||(SELECT domain FROM sites)||'",
        new string('x', 100_000),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ModelShop Shop => store.Shop;

    private Period All => Whole(Shop.Days(Shop.Berlin).First, Shop.Days(Shop.Berlin).Last);

    [Fact]
    public void Hostile_texts_are_texts()
    {
        var before = Count();
        foreach (var kind in Enum.GetValues<DimensionKind>().Where(kind => kind is >= DimensionKind.Country and <= DimensionKind.ItemBrand))
        {
            foreach (var (of, sensitive) in new[] { (FilterOperator.Is, true), (FilterOperator.Is, false), (FilterOperator.Contains, true),
                (FilterOperator.Contains, false) })
            {
                // What no text of the shop has; the rest are found where they are part of one.
                List<string> texts = [.. Hostile.Where(text => text is not ("%" or "_" or "\""))];
                var filter = new Filter.Comparison(new Dimension(kind, kind == DimensionKind.Prop ? "plan" : null), of, texts, sensitive);
                Assert.Equal(0L, CountEvents(filter));
                Assert.Equal(0L, CountEvents(new Filter.HasDone(filter)));
                Assert.Equal(CountEvents(null), CountEvents(new Filter.Not(filter)));
            }
        }
        Assert.Equal(before, Count());
    }

    [Fact]
    public void Hostile_names_of_props_and_sites_are_names()
    {
        var before = Count();
        foreach (var text in Hostile)
        {
            var row = Assert.Single(Query(new Dimension(DimensionKind.Prop, text), null).Rows);
            Assert.Equal([""], row.Dimensions);
            var nobody = new Site(9, text, TimeZoneInfo.Utc, text);
            Assert.Equal(0L, Assert.Single(
                store.Queries.Query(new StatsQuery(nobody, All, [Metric.Visits, Metric.Revenue], [], null, []), Cancel).Rows).Metrics[0]);
            Assert.Null(store.Queries.FindFirstHit(nobody, Cancel));
        }
        Assert.Equal(before, Count());
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a{2,1}")]
    [InlineData("(?<=a)b")]
    [InlineData("((a{900}){900}){900}")]
    public void An_invalid_pattern_is_reported(string pattern)
    {
        foreach (var kind in new[] { DimensionKind.Page, DimensionKind.Country, DimensionKind.Goal, DimensionKind.Source })
        {
            var error = Assert.Throws<InvalidPatternException>(() =>
                CountEvents(new Filter.Comparison(new Dimension(kind), FilterOperator.Matches, [pattern])));
            Assert.DoesNotContain("SELECT", error.Message, StringComparison.Ordinal);
        }
        Assert.Throws<InvalidPatternException>(() => store.Queries.Query(new FunnelQuery(Shop.Berlin, All,
            [Named("page_view"), new Filter.Comparison(new(DimensionKind.Page), FilterOperator.Matches, [pattern])], null, null), Cancel));
    }

    [Fact]
    public void A_pattern_that_others_never_finish_is_answered() =>
        Assert.Equal(0L, CountEvents(
            new Filter.Comparison(new(DimensionKind.Page), FilterOperator.Matches, ["^(([a-z/])+.)+[A-Z]([a-z])+[0-9]$", "(x+x+)+y"])));

    [Fact]
    public async Task A_cancelled_query_stops_the_engine()
    {
        using var cancel = new CancellationTokenSource();
        // Without the stop it would take days: the engine looks at a million million pairs.
        var asking = Task.Run(() =>
        {
            using var snapshot = Snapshot.Begin(store.Connect, cancel.Token);
            return snapshot.Read("SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * 7 + b.range) % 11 = 3", null,
                row => row.GetInt64(0));
        }, Cancel);
        cancel.CancelAfter(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(TimeSpan.FromMinutes(1), Cancel));
        Assert.True(cancel.IsCancellationRequested && asking.IsCompleted);
    }

    [Fact]
    public void A_query_that_was_cancelled_before_does_not_run()
    {
        var cancelled = new CancellationToken(canceled: true);
        var never = new HistoryQueries(() => throw new InvalidOperationException("opened"), NoRates);
        Assert.Throws<OperationCanceledException>(() =>
            never.Query(new StatsQuery(Shop.Berlin, All, [Metric.Visits], [], null, []), cancelled));
        Assert.Throws<OperationCanceledException>(() => never.FindFirstHit(Shop.Berlin, cancelled));
    }

    [Fact]
    public void An_error_of_the_engine_is_reported_without_the_query()
    {
        var empty = new HistoryQueries(() =>
        {
            var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            return connection;
        }, NoRates);
        var error = Assert.Throws<HistoryUnavailableException>(() =>
            empty.Query(new StatsQuery(Shop.Berlin, All, [Metric.Visits], [], null, []), Cancel));
        Assert.DoesNotContain("SELECT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_is_a_part_of_the_rows_and_knows_how_many_there_are()
    {
        foreach (var metric in new[] { Metric.Visitors, Metric.Revenue })
        {
            var all = store.Queries.Query(Countries(metric, 10_000, 0), Cancel);
            Assert.Equal(4, all.TotalRows);
            var page = store.Queries.Query(Countries(metric, 2, 1), Cancel);
            Assert.Equal(all.Rows.Skip(1).Take(2).Select(row => row.Dimensions[0]), page.Rows.Select(row => row.Dimensions[0]));
            Assert.Equal(4, page.TotalRows);
            var beyond = store.Queries.Query(Countries(metric, 2, 100), Cancel);
            Assert.Empty(beyond.Rows);
            Assert.Equal(4, beyond.TotalRows);
        }

        StatsQuery Countries(Metric metric, int limit, int offset) =>
            new(Shop.Berlin, All, [metric], [new(DimensionKind.Country)], null, [new SortColumn(0, -1, true)], limit, offset,
                CountRows: true);
    }

    [Fact]
    public void A_period_without_days_has_nothing()
    {
        var nothing = new Period(All.Until, All.Until, null);
        var row = Assert.Single(store.Queries.Query(new StatsQuery(Shop.Berlin, nothing, [Metric.Visits, Metric.BounceRate, Metric.Revenue,
            Metric.Abandonment, Metric.BotHits, Metric.Percentage], [], null, []), Cancel).Rows);
        Assert.Equal([0L, 0L, new Money(0, "EUR", []), null, 0L, null],
            row.Metrics.Select(value => value is Money money ? money with { ByCurrency = [] } : value));
        Assert.Empty(store.Queries.Query(new StatsQuery(Shop.Berlin, nothing, [Metric.Visits], [new(DimensionKind.Page)], null, []),
            Cancel).Rows);
        Assert.Equal([0L, 0L], Assert.Single(store.Queries.Query(
            new FunnelQuery(Shop.Berlin, nothing, [Named("page_view"), Named("purchase")], null, null), Cancel).Rows).Visits);
    }

    [Fact]
    public void Robots_are_no_part_of_what_is_not_known_of_them()
    {
        var rows = store.Queries.Query(
            new StatsQuery(Shop.Berlin, All, [Metric.Visits, Metric.BotHits], [new(DimensionKind.Source)], null, []), Cancel).Rows;
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Null(row.Metrics[1]));
    }

    [Fact]
    public void The_first_hit_is_known()
    {
        foreach (var site in store.Sites)
            Assert.Equal(Shop.Visits.Where(visit => visit.Site == site).Min(visit => visit.Start),
                store.Queries.FindFirstHit(site, Cancel));
    }

    [Fact]
    public void Money_is_converted_by_the_rate_of_its_day()
    {
        using var directory = new TemporaryDirectory();
        var (first, last) = Shop.Days(Shop.Berlin);
        // Another rate on every day.
        var file = Path.Combine(directory, "rates.csv");
        File.WriteAllLines(file, Enumerable.Range(first, last - first + 1)
            .Select(day => $"{DaySet.Format(day)},USD,{Rate(day).ToString(CultureInfo.InvariantCulture)}").Append("CHF,0.8"));
        var queries = new HistoryQueries(store.Connect,
            new ExchangeRatesFile(file, TimeProvider.System, NullLogger<ExchangeRatesFile>.Instance));
        foreach (var dimensions in new Dimension[][] { [], [new(DimensionKind.Day)], [new(DimensionKind.Country)],
            [new(DimensionKind.Source), new(DimensionKind.Month)], [new(DimensionKind.Page)] })
        {
            var rows = queries.Query(new StatsQuery(Shop.Berlin, All, [Metric.Revenue, Metric.Refunds, Metric.NetRevenue], dimensions, null,
                [new SortColumn(0, -1, true)]), Cancel).Rows;
            foreach (var (metric, kind) in new[] { (0, 6), (1, 7) })
            {
                var sum = Shop.Visits.Where(visit => visit.Site == Shop.Berlin).SelectMany(visit => visit.Hits)
                    .Where(hit => hit.Kind == kind).Sum(hit => hit.Currency switch
                {
                    "EUR" => hit.Value!.Value,
                    "USD" => hit.Value!.Value / Rate(hit.Visit.Day),
                    _ => hit.Value!.Value / 0.8m,
                });
                // Each row is rounded.
                Assert.InRange(rows.Sum(row => ((Money)row.Metrics[metric]!).Total!.Value) - sum, -0.005m * rows.Count,
                    0.005m * rows.Count);
            }
            Assert.All(rows, row => Assert.InRange(((Money)row.Metrics[0]!).Total!.Value - ((Money)row.Metrics[1]!).Total!.Value
                - ((Money)row.Metrics[2]!).Total!.Value, -0.01m, 0.01m));
            Assert.Equal(rows.OrderByDescending(row => ((Money)row.Metrics[0]!).Total), rows);
        }

        decimal Rate(int day) => 1 + (day - first) * 0.01m;
    }

    private static ExchangeRatesFile NoRates => new(null, TimeProvider.System, NullLogger<ExchangeRatesFile>.Instance);

    private Period Whole(int first, int last) => new(Shop.Berlin.StartOf(first), Shop.Berlin.StartOf(last + 1), (first, last));

    private static Filter.Comparison Named(string name) => new(new(DimensionKind.EventName), FilterOperator.Is, [name]);

    private long CountEvents(Filter? filter) => (long)Assert.Single(
        store.Queries.Query(new StatsQuery(Shop.Berlin, All, [Metric.Events], [], filter, []), Cancel).Rows).Metrics[0]!;

    private StatsResult Query(Dimension dimension, Filter? filter) =>
        store.Queries.Query(new StatsQuery(Shop.Berlin, All, [Metric.Events], [dimension], filter, []), Cancel);

    private long Count()
    {
        using var connection = store.Connect();
        return connection.Scalar<long>("SELECT (SELECT count(*) FROM hits) * 1000 + (SELECT count(*) FROM texts)");
    }
}
