using System.Text.Json;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>The names of the metrics in queries, such as <c>views_per_visit</c>.</summary>
internal static class MetricNames
{
    private static readonly string[] Names = [.. Enum.GetNames<Metric>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private static readonly Dictionary<string, Metric> ByName = Enum.GetValues<Metric>().ToDictionary(NameOf);

    public static IReadOnlyList<string> All => Names;

    public static string NameOf(Metric metric) => Names[(int)metric];

    public static bool TryParse(string name, out Metric metric) => ByName.TryGetValue(name, out metric);

    /// <summary>Plausible's money metrics, in Plausible's shape.</summary>
    public static bool IsPlausibleMoney(this Metric metric) => metric is Metric.AverageRevenue or Metric.TotalRevenue;

    /// <summary>
    /// Whether a change is in points instead of percent: for two of Plausible's metrics
    /// (https://github.com/plausible/analytics/blob/master/lib/plausible/stats/compare.ex), and for the rates of a shop.
    /// </summary>
    public static bool ChangesInPoints(this Metric metric) => metric
        is Metric.BounceRate or Metric.ConversionRate or Metric.CartRate or Metric.CheckoutRate or Metric.PurchaseRate
            or Metric.Abandonment;

    private static bool IsRate(Metric metric) => metric
        is Metric.BounceRate or Metric.ConversionRate or Metric.GroupConversionRate or Metric.ExitRate
        or Metric.CartRate or Metric.CheckoutRate or Metric.PurchaseRate or Metric.Abandonment;

    /// <summary>The value without visits, as in Plausible: zero for counts, null for undefined values.</summary>
    public static object? EmptyValue(this Metric metric) => metric switch
    {
        Metric.VisitDuration or Metric.ScrollDepth or Metric.TimeOnPage or Metric.ExitRate => null,
        Metric.AverageRevenue or Metric.TotalRevenue or Metric.Revenue or Metric.Refunds or Metric.NetRevenue or Metric.AverageOrder =>
            null,
        Metric.Percentage or Metric.ViewsPerVisit => 0.0,
        _ when IsRate(metric) => 0.0,
        _ => 0L,
    };
}
