
namespace Footfall.History.Queries;

/// <summary>Metrics that are not sums of counts and are looked up for each row.</summary>
internal sealed class ComputedMetrics
{
    private readonly Dictionary<GroupKey, MoneyAccumulator> _orders = [], _events = [];
    private readonly Dictionary<GroupKey, long> _scrollDepth = [], _timeOnPage = [], _groupVisitors = [];
    private readonly IReadOnlyList<int> _groupIndexes;
    private readonly ExchangeRates _rates;
    private readonly string _currency;
    private readonly Dictionary<int, string> _names;
    private readonly bool _byGoal, _withOrders, _withUnits;

    /// <param name="withCounts">Whether to return orders and units too: they come with the amounts if the query is by visits or by
    /// products.</param>
    public ComputedMetrics(TextDictionary dictionary, PeriodPartition partition, StatsQuery query, ExchangeRates rates, bool withCounts)
    {
        (_withOrders, _withUnits) =
            (withCounts && query.Metrics.Contains(Metric.Orders), withCounts && query.Metrics.Contains(Metric.Units));
        var grouping = new Grouping(query.Dimensions, query.Filter);
        (_rates, _currency) = (rates, query.Site.Currency);
        _byGoal = (grouping.Has(DimensionKind.Goal) || grouping.Has(DimensionKind.EventName)) && !grouping.NeedsItems;
        _groupIndexes = [.. Enumerable.Range(0, query.Dimensions.Count)
            .Where(i => query.Dimensions[i].Kind is not (DimensionKind.Goal or DimensionKind.Prop))];
        List<MoneyRow> orders = [], events = [];
        if (query.Metrics.Any(IsOfOrders))
            orders = MoneySql.ReadOrders(dictionary, partition, grouping, dictionary.Id(_currency), rates.VaryByDay, _withUnits);
        if (query.Metrics.Any(IsOfEvents))
            events = MoneySql.ReadEvents(dictionary, partition, grouping, dictionary.Id(_currency), rates.VaryByDay);
        _names = dictionary.FindTexts(orders.Concat(events).Select(row => (long)row.Currency));
        Accumulate(_orders, orders);
        Accumulate(_events, events);
        if (query.Metrics.Contains(Metric.ScrollDepth)) _scrollDepth = EngagementReader.ReadScrollDepth(dictionary, partition, grouping);
        if (query.Metrics.Contains(Metric.TimeOnPage)) _timeOnPage = EngagementReader.ReadTimeOnPage(dictionary, partition, grouping);
        if (query.Metrics.Contains(Metric.GroupConversionRate)) _groupVisitors = ReadGroupVisitors(dictionary, partition, query);
    }

    public static bool IsComputed(Metric metric) => metric.Get().Sql is null;

    public static bool IsMoney(Metric metric) => metric.Get().Unit == MetricUnit.Money;

    /// <summary>Groups that have a value, though maybe no count.</summary>
    public IEnumerable<GroupKey> Keys =>
        _orders.Where(pair => !pair.Value.IsZero || (_withOrders && pair.Value.Count != 0) || (_withUnits && pair.Value.Units != 0))
            .Concat(_events.Where(pair => !pair.Value.IsZero))
            .Select(pair => pair.Key).Concat(_scrollDepth.Keys).Concat(_timeOnPage.Keys);

    public object? ValueOf(Metric metric, GroupKey key, long visitors) => metric switch
    {
        Metric.ScrollDepth => _scrollDepth.TryGetValue(key, out var scroll) ? scroll : null,
        Metric.TimeOnPage => _timeOnPage.TryGetValue(key, out var time) ? time : null,
        Metric.GroupConversionRate => MetricTable.Percent(visitors, _groupVisitors.GetValueOrDefault(key.Pick(_groupIndexes)), 0),
        _ => ((IsOfEvents(metric) ? _events : _orders).GetValueOrDefault(key) ?? Empty).ValueOf(metric),
    };

    private MoneyAccumulator Empty => new(_rates, _currency, _ => "");

    // The value of goals; without a goal, of purchases.
    private bool IsOfEvents(Metric metric) => _byGoal && (metric is Metric.TotalRevenue or Metric.AverageRevenue);

    private bool IsOfOrders(Metric metric) => IsMoney(metric) && !IsOfEvents(metric);

    private void Accumulate(Dictionary<GroupKey, MoneyAccumulator> groups, List<MoneyRow> rows)
    {
        Func<int, string> name = currency => _names[currency];
        foreach (var row in rows)
        {
            if (!groups.TryGetValue(row.Key, out var money)) groups[row.Key] = money = new MoneyAccumulator(_rates, _currency, name);
            money.Add(row);
        }
    }

    private Dictionary<GroupKey, long> ReadGroupVisitors(TextDictionary dictionary, PeriodPartition partition, StatsQuery query)
    {
        var parameters = new SqlParameters();
        var grouping = new Grouping([.. _groupIndexes.Select(index => query.Dimensions[index])], FilterTree.WithoutGoals(query.Filter));
        var sql = AggregateSql.Build(dictionary, parameters, partition, grouping, [Measure.Visitors]);
        return dictionary.Snapshot.Read(sql, parameters, row =>
            (GroupKey.Read(row, _groupIndexes.Count), row.GetInt64(_groupIndexes.Count)))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
    }
}
