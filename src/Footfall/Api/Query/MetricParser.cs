using System.Text.Json;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>Reads <c>metrics</c>.</summary>
internal static class MetricParser
{
    public static IReadOnlyList<Metric> Parse(JsonElement list)
    {
        var metrics = QueryJson.ReadTexts(list, "metrics").Select(Parse).ToList();
        if (metrics.Count == 0) throw new InvalidQueryException($"The metrics are empty: name at least one of {KnownMetrics}.");
        if (metrics.Distinct().Count() < metrics.Count) throw new InvalidQueryException("A metric appears twice.");
        return metrics;
    }

    private static string KnownMetrics => string.Join(", ", MetricNames.All);

    private static Metric Parse(string name) => MetricNames.TryParse(name, out var metric)
        ? metric
        : throw new InvalidQueryException($"The metric {InvalidQueryException.Quote(name)} is unknown: use one of {KnownMetrics}.");
}
