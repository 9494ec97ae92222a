using System.Text.Json;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>The metrics as queries name them: <c>views_per_visit</c>.</summary>
internal static class MetricNames
{
    private static readonly string[] Names = [.. Enum.GetNames<Metric>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private static readonly Dictionary<string, Metric> ByName = Enum.GetValues<Metric>().ToDictionary(NameOf);

    public static IReadOnlyList<string> All => Names;

    public static string NameOf(Metric metric) => Names[(int)metric];

    public static bool TryParse(string name, out Metric metric) => ByName.TryGetValue(name, out metric);

    /// <summary>Metrics of Plausible that are amounts of money, in Plausible's shape.</summary>
    public static bool IsPlausibleMoney(this Metric metric) => metric is Metric.AverageRevenue or Metric.TotalRevenue;
}
