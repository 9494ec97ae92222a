using System.Text.Json;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>Reads <c>order_by</c>.</summary>
internal static class OrderByParser
{
    public static IReadOnlyList<OrderByKey>? Parse(JsonElement? list, IReadOnlyList<Metric> metrics,
        IReadOnlyList<QueryDimension> dimensions)
    {
        if (list is not { } entries) return null;
        if (entries.ValueKind != JsonValueKind.Array) throw new InvalidQueryException("The order_by must be a list.");
        if (entries.GetArrayLength() > metrics.Count + dimensions.Count)
            throw new InvalidQueryException("The order_by has more entries than there are metrics and dimensions.");
        return [.. entries.EnumerateArray().Select(entry => Parse(entry, metrics, dimensions))];
    }

    private static OrderByKey Parse(JsonElement entry, IReadOnlyList<Metric> metrics, IReadOnlyList<QueryDimension> dimensions)
    {
        if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2
            || entry.EnumerateArray().Any(part => part.ValueKind != JsonValueKind.String))
            throw new InvalidQueryException(
                $"The entry {InvalidQueryException.Quote(entry.GetRawText())} of order_by must be a metric or a dimension and asc or " +
                $"desc, such as [\"visitors\", \"desc\"].");
        var name = entry[0].GetString()!;
        var descending = entry[1].GetString() switch
        {
            "asc" => false,
            "desc" => true,
            var direction => throw new InvalidQueryException($"The direction {InvalidQueryException.Quote(direction!)} of order_by is "
                + $"unknown: use asc or desc."),
        };
        for (var i = 0; i < metrics.Count; i++)
            if (MetricNames.NameOf(metrics[i]) == name) return new OrderByKey(i, -1, descending);
        for (var i = 0; i < dimensions.Count; i++)
            if (dimensions[i].Name == name) return new OrderByKey(-1, i, descending);
        throw new InvalidQueryException($"The entry {InvalidQueryException.Quote(name)} of order_by is not a metric or dimension of the "
            + $"query.");
    }
}
