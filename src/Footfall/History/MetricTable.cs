using Footfall.History.Queries;

namespace Footfall.History;

internal enum MetricUnit
{
    Count,
    Number,
    Percent,
    Seconds,
    Money,
}

/// <summary>One row of the table of metrics.</summary>
/// <param name="Measures">The sums it is made of.</param>
/// <param name="Sql">
/// Makes it of them, given the expression of each and the visitors that a share is of. Null where it is not a sum of counts, and
/// <see cref="ComputedMetrics"/> reads it.
/// </param>
/// <param name="Empty">
/// Its value without visitors, as in Plausible: zero for counts, null for what can't be known.
/// </param>
internal sealed record MetricDefinition(
    Metric Metric, MetricUnit Unit, Measure[] Measures, Func<Func<Measure, string>, long, string>? Sql, object? Empty)
{
    /// <summary>
    /// Whether a change is shown in points and not in percent: of two metrics of Plausible's
    /// (https://github.com/plausible/analytics/blob/master/lib/plausible/stats/compare.ex), and of the rates of a shop.
    /// </summary>
    public bool ChangesInPoints { get; init; }
}

/// <summary>
/// The table of metrics, rounded as Plausible rounds them (lib/plausible/stats/sql in https://github.com/plausible/analytics).
/// </summary>
internal static class MetricTable
{
    private static readonly MetricDefinition[] Table =
    [
        Count(Metric.Visitors, Measure.Visitors),
        Count(Metric.Visits, Measure.Visits),
        Count(Metric.Pageviews, Measure.Pageviews),
        Count(Metric.Events, Measure.Events),
        Count(Metric.Orders, Measure.Orders),
        Count(Metric.Units, Measure.Units),
        Count(Metric.BotHits, Measure.Bots),
        new(Metric.ViewsPerVisit, MetricUnit.Number, [Measure.Entries, Measure.EntryViews],
            (of, _) => Divide($"round({of(Measure.EntryViews)}::DOUBLE / {of(Measure.Entries)}, 2)", of(Measure.Entries), "0"), 0.0),
        new(Metric.BounceRate, MetricUnit.Percent, [Measure.Entries, Measure.Bounces],
            (of, _) => Divide($"round(100::DOUBLE * {of(Measure.Bounces)} / {of(Measure.Entries)})::BIGINT", of(Measure.Entries), "0"), 0.0)
            { ChangesInPoints = true },
        new(Metric.VisitDuration, MetricUnit.Seconds, [Measure.Entries, Measure.Duration],
            (of, _) => Divide($"round({of(Measure.Duration)}::DOUBLE / {of(Measure.Entries)})::BIGINT", of(Measure.Entries), "0"), null),
        new(Metric.ExitRate, MetricUnit.Percent, [Measure.Exits, Measure.ExitViews],
            (of, _) => Percent(of(Measure.Exits), of(Measure.ExitViews), "NULL"), null),
        ShareOfVisits(Metric.CartRate, Measure.Carts),
        ShareOfVisits(Metric.CheckoutRate, Measure.Checkouts),
        ShareOfVisits(Metric.PurchaseRate, Measure.Buyers),
        new(Metric.Abandonment, MetricUnit.Percent, [Measure.Carts, Measure.CartBuyers],
            (of, _) => Percent($"({of(Measure.Carts)} - {of(Measure.CartBuyers)})", of(Measure.Carts), "NULL"), 0.0)
            { ChangesInPoints = true },
        new(Metric.Percentage, MetricUnit.Percent, [Measure.Visitors],
            (of, total) => total == 0 ? "NULL::DOUBLE" : Percent(of(Measure.Visitors), $"{total}", "NULL"), 0.0),
        new(Metric.ConversionRate, MetricUnit.Percent, [Measure.Visitors],
            (of, total) => total == 0 ? "0::DOUBLE" : Percent(of(Measure.Visitors), $"{total}", "0"), 0.0) { ChangesInPoints = true },
        new(Metric.GroupConversionRate, MetricUnit.Percent, [Measure.Visitors], null, 0.0),
        new(Metric.ScrollDepth, MetricUnit.Percent, [], null, null),
        new(Metric.TimeOnPage, MetricUnit.Seconds, [], null, null),
        Money(Metric.AverageRevenue),
        Money(Metric.TotalRevenue),
        Money(Metric.Revenue),
        Money(Metric.Refunds),
        Money(Metric.NetRevenue),
        Money(Metric.AverageOrder),
    ];

    private static readonly Dictionary<Metric, MetricDefinition> ByMetric = Table.ToDictionary(definition => definition.Metric);

    /// <exception cref="KeyNotFoundException">The table lacks the metric.</exception>
    public static MetricDefinition Get(this Metric metric) => ByMetric[metric];

    /// <summary>A share in percent with one decimal, as the SQL of the table rounds it.</summary>
    public static double? Percent(long part, long total, double? whenZero) =>
        total == 0 ? whenZero : Math.Round(100.0 * part / total * 10, MidpointRounding.AwayFromZero) / 10;

    private static MetricDefinition Count(Metric metric, Measure measure) =>
        new(metric, MetricUnit.Count, [measure], (of, _) => of(measure), 0L);

    private static MetricDefinition ShareOfVisits(Metric metric, Measure measure) =>
        new(metric, MetricUnit.Percent, [Measure.Visits, measure], (of, _) => Percent(of(measure), of(Measure.Visits), "0"), 0.0)
        {
            ChangesInPoints = true,
        };

    private static MetricDefinition Money(Metric metric) => new(metric, MetricUnit.Money, [], null, null);

    private static string Percent(string part, string total, string whenZero) =>
        Divide($"round(100::DOUBLE * {part} / {total}, 1)", total, whenZero);

    private static string Divide(string quotient, string by, string whenZero) => $"CASE WHEN {by} = 0 THEN {whenZero} ELSE {quotient} END";
}
