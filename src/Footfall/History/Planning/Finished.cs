using Footfall.Words;

namespace Footfall.History.Planning;

/// <summary>The metrics that are no sums of counts, and are looked up for each row.</summary>
internal sealed class Finished
{
    private readonly Dictionary<GroupKey, Moneys> _orders = [], _events = [];
    private readonly Dictionary<GroupKey, long> _scroll = [], _time = [], _groups = [];
    private readonly IReadOnlyList<int> _groupPlaces;
    private readonly RateTable _rates;
    private readonly string _currency;
    private readonly Dictionary<int, string> _names;
    private readonly bool _byGoal, _withOrders, _withUnits;

    /// <param name="withCounts">Whether orders and units are told too: they come with the amounts, where the question is by visits or by products.</param>
    public Finished(Lookup lookup, Split split, Question question, RateTable rates, bool withCounts)
    {
        (_withOrders, _withUnits) = (withCounts && question.Metrics.Contains(Metric.Orders), withCounts && question.Metrics.Contains(Metric.Units));
        var variant = new Variant(question.Dimensions, question.Filter);
        (_rates, _currency) = (rates, question.Site.Currency);
        _byGoal = (variant.Has(DimensionKind.Goal) || variant.Has(DimensionKind.EventName)) && !variant.OfItems;
        _groupPlaces = [.. Enumerable.Range(0, question.Dimensions.Count).Where(i => question.Dimensions[i].Kind is not (DimensionKind.Goal or DimensionKind.Prop))];
        List<MoneyRow> orders = [], events = [];
        if (question.Metrics.Any(IsOfOrders)) orders = MoneyRows.OfOrders(lookup, split, variant, lookup.Id(_currency), rates.ByDay, _withUnits);
        if (question.Metrics.Any(IsOfEvents)) events = MoneyRows.OfEvents(lookup, split, variant, lookup.Id(_currency), rates.ByDay);
        _names = lookup.Names(orders.Concat(events).Select(row => (long)row.Currency));
        Fill(_orders, orders);
        Fill(_events, events);
        if (question.Metrics.Contains(Metric.ScrollDepth)) _scroll = Engagement.Scroll(lookup, split, variant);
        if (question.Metrics.Contains(Metric.TimeOnPage)) _time = Engagement.Seconds(lookup, split, variant);
        if (question.Metrics.Contains(Metric.GroupConversionRate)) _groups = Groups(lookup, split, question);
    }

    public static bool Is(Metric metric) =>
        metric is Metric.ScrollDepth or Metric.TimeOnPage or Metric.GroupConversionRate || IsMoney(metric);

    public static bool IsMoney(Metric metric) =>
        metric is Metric.Revenue or Metric.Refunds or Metric.NetRevenue or Metric.AverageOrder or Metric.TotalRevenue or Metric.AverageRevenue;

    /// <summary>The groups that have something to tell, though maybe no count.</summary>
    public IEnumerable<GroupKey> Keys =>
        _orders.Where(pair => !pair.Value.IsZero || (_withOrders && pair.Value.Count != 0) || (_withUnits && pair.Value.Units != 0)).Concat(_events.Where(pair => !pair.Value.IsZero))
            .Select(pair => pair.Key).Concat(_scroll.Keys).Concat(_time.Keys);

    public object? Of(Metric metric, GroupKey key, long visitors) => metric switch
    {
        Metric.ScrollDepth => _scroll.TryGetValue(key, out var scroll) ? scroll : null,
        Metric.TimeOnPage => _time.TryGetValue(key, out var time) ? time : null,
        Metric.GroupConversionRate => Measures.Percent(visitors, _groups.GetValueOrDefault(key.Only(_groupPlaces)), 0),
        _ => ((IsOfEvents(metric) ? _events : _orders).GetValueOrDefault(key) ?? Empty).Of(metric),
    };

    private Moneys Empty => new(_rates, _currency, _ => "");

    // What goals are worth; without a goal that is what was bought.
    private bool IsOfEvents(Metric metric) => _byGoal && (metric is Metric.TotalRevenue or Metric.AverageRevenue);

    private bool IsOfOrders(Metric metric) => IsMoney(metric) && !IsOfEvents(metric);

    private void Fill(Dictionary<GroupKey, Moneys> groups, List<MoneyRow> rows)
    {
        Func<int, string> name = currency => _names[currency];
        foreach (var row in rows)
        {
            if (!groups.TryGetValue(row.Key, out var moneys)) groups[row.Key] = moneys = new Moneys(_rates, _currency, name);
            moneys.Add(row);
        }
    }

    private Dictionary<GroupKey, long> Groups(Lookup lookup, Split split, Question question)
    {
        var parameters = new Parameters();
        var variant = new Variant([.. _groupPlaces.Select(place => question.Dimensions[place])], Filters.WithoutGoals(question.Filter));
        var sql = Parts.Sql(lookup, parameters, split, variant, [Measure.Visitors]);
        return lookup.Snapshot.Read(sql, parameters, row => (GroupKey.Read(row, _groupPlaces.Count), row.GetInt64(_groupPlaces.Count)))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
    }
}
