using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>
/// Reads the amounts of only one page of rows, if the engine can sort and limit: without rates, an amount is as sent, or unknown.
/// </summary>
/// <remarks>
/// A year by country and day has 50,000 rows; 10,000 are returned; reading and sorting all of them here takes three times as long
/// as in the engine.
/// </remarks>
/// <param name="Amounts">By key and currency: the keys in the order of the query, those of one key together.</param>
/// <param name="Total">The row count without limit and offset, if requested.</param>
internal sealed record MoneyPage(List<MoneyRow> Amounts, long? Total)
{
    /// <summary>Whether the engine can sort like the result: it divides inexactly and has no rates.</summary>
    public static bool CanRead(StatsQuery query, ExchangeRates rates) => rates.IsEmpty && query.Dimensions.Count > 0
        && !query.OrderBy.Any(order =>
            order.MetricIndex >= 0 && query.Metrics[order.MetricIndex] is Metric.AverageOrder or Metric.AverageRevenue);

    /// <param name="query">Only orders, units and money, for which <see cref="CanRead"/> is true.</param>
    /// <param name="orderBy">The ORDER BY clause over the dimensions <c>g.d0</c>, …, their texts <c>n0</c>, … and the metrics <c>x0</c>,
    /// ….</param>
    public static MoneyPage Read(TextDictionary dictionary, PeriodPartition partition, StatsQuery query, string orderBy)
    {
        var parameters = new SqlParameters();
        var (grouping, count, siteCurrency) =
            (new Grouping(query.Dimensions, query.Filter), query.Dimensions.Count, dictionary.Id(query.Site.Currency));
        var statements = MoneySql.OrderStatements(dictionary, parameters, partition, grouping, siteCurrency, byDay: false,
            query.Metrics.Contains(Metric.Units));
        if (statements.Count == 0) return new MoneyPage([], query.CountRows ? 0 : null);
        string Each(Func<int, string> of) => string.Concat(Enumerable.Range(0, count).Select(of));
        var dimensions = Each(i => $"d{i}, ");
        // Amounts sent without a currency are in the site's currency.
        var amounts = $"""
            SELECT {dimensions}CASE WHEN in_currency = {siteCurrency} THEN 0 ELSE in_currency END AS in_currency,
                   sum(revenue) AS revenue, sum(refunded) AS refunded, sum(orders)::BIGINT AS orders, sum(units) AS units
            FROM ({string.Join(" UNION ALL ", statements)}) GROUP BY ALL
            """;
        var some = string.Concat(query.Metrics.Select(metric =>
            metric switch { Metric.Orders => " OR sum(orders) <> 0", Metric.Units => " OR sum(units) <> 0", _ => "" }).Distinct());
        var groups = $"SELECT {dimensions}{string.Join(", ", query.Metrics.Select((metric, i) => $"{Sum(metric)} AS x{i}"))} FROM m " +
            $"GROUP BY {dimensions.TrimEnd(' ', ',')} HAVING bool_or(revenue <> 0 OR refunded <> 0){some}";
        var texts = Enumerable.Range(0, count).Where(i => DimensionColumns.IsText(query.Dimensions[i].Kind)).ToList();
        var before = parameters.Values.Count;
        var sql = $"""
            WITH m AS MATERIALIZED ({amounts}),
            page AS (
                SELECT g.*, {(query.CountRows ? "count(*) OVER ()" : "0")}::BIGINT AS total
                    {string.Concat(texts.Select(i => $", t{i}.text AS n{i}"))}
                FROM ({groups}) g{string.Concat(texts.Select(i => $" LEFT JOIN texts t{i} ON t{i}.id = g.d{i}"))}
                ORDER BY {orderBy} LIMIT {parameters.Add((long)query.Limit)} OFFSET {parameters.Add((long)query.Offset)}),
            g AS (SELECT *, row_number() OVER (ORDER BY {orderBy}) AS place FROM page g)
            SELECT {Each(i => $"g.d{i}, ")}0 AS on_day, m.in_currency, m.revenue,
                {Of("refunded", metric => metric is Metric.Refunds or Metric.NetRevenue)},
                m.orders, {Of("units", metric => metric == Metric.Units)}, g.total
            FROM g JOIN m ON {string.Join(" AND ", Enumerable.Range(0, count).Select(i => $"m.d{i} = g.d{i}"))} ORDER BY g.place
            """;
        long? total = null;
        var rows = dictionary.Snapshot.Read(sql, parameters, row =>
        {
            if (query.CountRows) total ??= row.GetInt64(count + 6);
            return MoneySql.Read(row, count, units: true);
        });
        if (query.CountRows && total is null) total = CountRows();
        return new MoneyPage(rows, total);

        // Reading a wide number is slow.
        string Of(string amount, Predicate<Metric> needs) =>
            query.Metrics.Any(metric => needs(metric)) ? $"m.{amount}" : "0::DECIMAL(4, 0)";

        // For an empty page.
        long CountRows()
        {
            var countParameters = new SqlParameters();
            foreach (var value in parameters.Values.Take(before)) countParameters.Add(value);
            return dictionary.Snapshot.Read($"WITH m AS ({amounts}) SELECT count(*) FROM ({groups})", countParameters, row =>
                row.GetInt64(0)).Single();
        }
    }

    /// <summary>What <see cref="MoneyAccumulator"/> computes, as a sort key: amounts in several currencies have no sum.</summary>
    private static string Sum(Metric metric)
    {
        return metric switch
        {
            Metric.Orders => "sum(orders)",
            Metric.Units => "sum(units)",
            Metric.AverageOrder or Metric.AverageRevenue => "NULL",
            Metric.Refunds => Of("refunded"),
            Metric.NetRevenue => Of("(revenue - refunded)"),
            _ => Of("revenue"),
        };

        string Of(string amount) => $"CASE WHEN count(*) FILTER ({amount} <> 0) > 1 THEN NULL ELSE sum({amount}) END";
    }
}
