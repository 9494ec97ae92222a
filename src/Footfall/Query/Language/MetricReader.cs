using System.Text.Json;
using Footfall.History;

namespace Footfall.Query.Language;

/// <summary>Reads <c>metrics</c>.</summary>
internal static class MetricReader
{
    public static IReadOnlyList<Metric> Read(JsonElement list)
    {
        var metrics = Json.Texts(list, "metrics").Select(Read).ToList();
        if (metrics.Count == 0) throw new InvalidQueryException($"The metrics are empty: name at least one of {Known}.");
        if (metrics.Distinct().Count() < metrics.Count) throw new InvalidQueryException("A metric is named twice.");
        return metrics;
    }

    private static string Known => string.Join(", ", MetricNames.All);

    private static Metric Read(string name) => MetricNames.TryRead(name, out var metric)
        ? metric
        : throw new InvalidQueryException($"The metric {InvalidQueryException.Quote(name)} is not known: it is one of {Known}.");
}
