using System.Text.Json;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Tests.History.Queries;

/// <summary>For every query, rollups, visits and hits give the same result as a scan of every hit.</summary>
[Collection(nameof(ModelShopDatabase))]
public sealed class RandomQueryTests(ModelShopDatabase store)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_query_has_the_result_of_a_scan_of_every_hit(int seed)
    {
        var queries = new RandomQueries(store.Shop, seed);
        for (var i = 0; i < 60; i++)
        {
            var query = queries.NextQuery();
            Same(query, Text(new ReferenceQueries(store.Shop, query.Site, query.Period).Query(query)), () =>
                Text(store.Queries.Query(query, Cancel)));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_page_of_amounts_is_that_of_all_rows(int seed)
    {
        var queries = new RandomQueries(store.Shop, seed);
        for (var i = 0; i < 30; i++)
        {
            var query = queries.NextMoneyQuery();
            Same(query, Text(new ReferenceQueries(store.Shop, query.Site, query.Period).Query(query)), () =>
                Text(store.Queries.Query(query, Cancel)));
        }
    }

    [Fact]
    public void Every_dimension_has_every_metric_also_of_one_country()
    {
        var site = store.Shop.Berlin;
        var (first, last) = store.Shop.Days(site);
        Metric[] metrics = [.. Enum.GetValues<Metric>().Where(metric => metric != Metric.BotHits)];
        Filter?[] filters = [null, new Filter.Comparison(new(DimensionKind.Country), FilterOperator.Is, ["DE"]),
            new Filter.Comparison(new(DimensionKind.Country), FilterOperator.Is, ["DE", "FR"])];
        foreach (var kind in Enum.GetValues<DimensionKind>().Where(kind => kind != DimensionKind.BotReason))
        {
            foreach (var filter in filters)
            {
                var query = new StatsQuery(site, new Period(site.StartOf(first), site.StartOf(last + 1), (first, last)), metrics,
                    [new(kind, kind == DimensionKind.Prop ? "plan" : null)], filter, []);
                Same(query, Text(new ReferenceQueries(store.Shop, site, query.Period).Query(query)), () =>
                    Text(store.Queries.Query(query, Cancel)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_query_about_bots_has_the_result_of_a_scan_of_every_hit(int seed)
    {
        var queries = new RandomQueries(store.Shop, seed);
        for (var i = 0; i < 15; i++)
        {
            var query = queries.NextBotQuery();
            Same(query, Text(new ReferenceQueries(store.Shop, query.Site, query.Period).Query(query)), () =>
                Text(store.Queries.Query(query, Cancel)));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_funnel_has_the_result_of_a_scan_of_every_hit(int seed)
    {
        var queries = new RandomQueries(store.Shop, seed);
        for (var i = 0; i < 30; i++)
        {
            var query = queries.NextFunnel();
            Same(query, Text(new ReferenceQueries(store.Shop, query.Site, query.Period).Query(query)), () =>
                Text(store.Queries.Query(query, Cancel)));
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 5)];

    private static void Same(object query, string expected, Func<string> run)
    {
        string actual;
        try
        {
            actual = run();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            actual = error.ToString();
        }
        if (actual != expected) Assert.Fail($"{Describe(query)}\nexpected\n{expected}\nbut got\n{actual}");
    }

    private static string Text(StatsResult result) => string.Join('\n', result.Rows.Select(row =>
        $"{string.Join(" | ", row.Dimensions)} : {string.Join(" | ", row.Metrics.Select(Text))}")) + $"\n{result.TotalRows} rows";

    private static string Text(FunnelStats result) =>
        string.Join('\n', result.Rows.Select(row => $"{row.Dimension} : {string.Join(" | ", row.Visits)}"));

    private static string Text(object? value) => value switch
    {
        null => "null",
        Money money => $"{money.Total?.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture) ?? "?"} {money.Currency} " +
            $"({string.Join(", ", money.ByCurrency.Select(each => $"{each.Amount:0.######} {each.Currency}"))})",
        decimal units => $"{units:0.######} pieces",
        _ => FormattableString.Invariant($"{value} {value.GetType().Name}"),
    };

    private static string Describe(object query) => query switch
    {
        StatsQuery of =>
            $"{of.Site.Domain} {of.Period} metrics {string.Join(',', of.Metrics)} by {string.Join(',', of.Dimensions)} order " +
            $"{string.Join(',', of.OrderBy)} limit {of.Limit} offset {of.Offset}\nfilter {Describe(of.Filter)}",
        FunnelQuery of =>
            $"{of.Site.Domain} {of.Period} steps {string.Join(" THEN ", of.Steps.Select(Describe))} by {of.Dimension} filter " +
            $"{Describe(of.Filter)} limit {of.Limit}",
        _ => "",
    };

    private static string Describe(Filter? filter) => filter switch
    {
        Filter.Comparison compare =>
            $"{compare.Dimension.Kind} {compare.Dimension.Prop} {compare.Operator}{(compare.CaseSensitive ? "" : " (any case)")} " +
            $"{JsonSerializer.Serialize(compare.Values)}",
        Filter.All all => $"({string.Join(" AND ", all.Operands.Select(Describe))})",
        Filter.Any any => $"({string.Join(" OR ", any.Operands.Select(Describe))})",
        Filter.Not not => $"NOT {Describe(not.Operand)}",
        Filter.HasDone done => $"HAS DONE {Describe(done.HitFilter)}",
        _ => "none",
    };
}
