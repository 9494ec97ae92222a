namespace Footfall.History.Queries;

/// <summary>
/// What is counted in parts of a period and summed; metrics are derived from it. Visits count when they begin, everything else when it
/// happens.
/// </summary>
internal enum Measure
{
    Visitors,
    Pageviews,
    Events,
    Orders,

    /// <summary>The quantities of items: the only measure that is not an integer.</summary>
    Units,
    Visits,
    Carts,
    Checkouts,
    Buyers,
    CartBuyers,

    // Of the visits that entered at the page, if a page is requested.
    Entries,
    EntryViews,
    Bounces,
    Duration,

    /// <summary>The visits that exited at the page.</summary>
    Exits,
    Bots,

    /// <summary>The views of the exit page, in any visit.</summary>
    ExitViews,
}

internal static class Measures
{
    public static bool IsOfVisit(this Measure measure) => measure is >= Measure.Visits and <= Measure.Exits;

    public static bool IsOfEntry(this Measure measure) => measure is >= Measure.Entries and <= Measure.Duration;

    /// <summary>The measures of a metric; empty for those computed elsewhere: money and engagement.</summary>
    public static Measure[] RequiredBy(Metric metric) => metric switch
    {
        Metric.Visitors or Metric.Percentage or Metric.ConversionRate or Metric.GroupConversionRate => [Measure.Visitors],
        Metric.Visits => [Measure.Visits],
        Metric.Pageviews => [Measure.Pageviews],
        Metric.ViewsPerVisit => [Measure.Entries, Measure.EntryViews],
        Metric.BounceRate => [Measure.Entries, Measure.Bounces],
        Metric.VisitDuration => [Measure.Entries, Measure.Duration],
        Metric.Events => [Measure.Events],
        Metric.ExitRate => [Measure.Exits, Measure.ExitViews],
        Metric.Orders => [Measure.Orders],
        Metric.Units => [Measure.Units],
        Metric.CartRate => [Measure.Visits, Measure.Carts],
        Metric.CheckoutRate => [Measure.Visits, Measure.Checkouts],
        Metric.PurchaseRate => [Measure.Visits, Measure.Buyers],
        Metric.Abandonment => [Measure.Carts, Measure.CartBuyers],
        Metric.BotHits => [Measure.Bots],
        _ => [],
    };

    /// <summary>
    /// A metric of summed measures, rounded as Plausible rounds it (lib/plausible/stats/sql in https://github.com/plausible/analytics).
    /// </summary>
    /// <param name="of">The expression of a measure.</param>
    /// <param name="total">The visitors that a share is of.</param>
    public static string MetricSql(Metric metric, Func<Measure, string> of, long total) => metric switch
    {
        Metric.Visitors => of(Measure.Visitors),
        Metric.Visits => of(Measure.Visits),
        Metric.Pageviews => of(Measure.Pageviews),
        Metric.Events => of(Measure.Events),
        Metric.Orders => of(Measure.Orders),
        Metric.Units => of(Measure.Units),
        Metric.BotHits => of(Measure.Bots),
        Metric.ViewsPerVisit =>
            $"CASE WHEN {of(Measure.Entries)} = 0 THEN 0 ELSE round({of(Measure.EntryViews)}::DOUBLE / {of(Measure.Entries)}, 2) END",
        Metric.BounceRate =>
            $"CASE WHEN {of(Measure.Entries)} = 0 THEN 0 ELSE round(100::DOUBLE * {of(Measure.Bounces)} / {of(Measure.Entries)})::BIGINT " +
            $"END",
        Metric.VisitDuration =>
            $"CASE WHEN {of(Measure.Entries)} = 0 THEN 0 ELSE round({of(Measure.Duration)}::DOUBLE / {of(Measure.Entries)})::BIGINT END",
        Metric.ExitRate => Percent(of(Measure.Exits), of(Measure.ExitViews), "NULL"),
        Metric.CartRate => Percent(of(Measure.Carts), of(Measure.Visits), "0"),
        Metric.CheckoutRate => Percent(of(Measure.Checkouts), of(Measure.Visits), "0"),
        Metric.PurchaseRate => Percent(of(Measure.Buyers), of(Measure.Visits), "0"),
        Metric.Abandonment => Percent($"({of(Measure.Carts)} - {of(Measure.CartBuyers)})", of(Measure.Carts), "NULL"),
        Metric.Percentage => total == 0 ? "NULL::DOUBLE" : Percent(of(Measure.Visitors), $"{total}", "NULL"),
        Metric.ConversionRate => total == 0 ? "0::DOUBLE" : Percent(of(Measure.Visitors), $"{total}", "0"),
        _ => "NULL",
    };

    /// <summary>A share in percent with one decimal, as <see cref="MetricSql"/> rounds it.</summary>
    public static double? Percent(long part, long total, double? whenZero) =>
        total == 0 ? whenZero : Math.Round(100.0 * part / total * 10, MidpointRounding.AwayFromZero) / 10;

    private static string Percent(string part, string total, string whenZero) =>
        $"CASE WHEN {total} = 0 THEN {whenZero} ELSE round(100::DOUBLE * {part} / {total}, 1) END";
}
