using System.Text.Json;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>Reads <c>dimensions</c>.</summary>
internal static class DimensionParser
{
    public static IReadOnlyList<QueryDimension> Parse(JsonElement? list, DateRange range)
    {
        if (list is not { } names) return [];
        var dimensions = QueryJson.ReadTexts(names, "dimensions").Select(Parse).ToList();
        if (dimensions.Count > QueryLimits.Dimensions) throw new InvalidQueryException($"A query may have at most "
            + $"{QueryLimits.Dimensions} dimensions.");
        if (dimensions.DistinctBy(dimension => dimension.Name).Count() < dimensions.Count) throw new InvalidQueryException("A dimension "
            + "appears twice.");
        if (dimensions.Count(dimension => dimension.IsTime) > 1) throw new InvalidQueryException("A query may have only one time "
            + "dimension.");
        if (dimensions.Any(dimension => dimension.Is(DimensionKind.Minute)) && range is not DateRange.Minutes)
            throw new InvalidQueryException("The dimension time:minute needs the date_range realtime or 30m.");
        return dimensions;
    }

    private static QueryDimension Parse(string name) => DimensionNames.TryParse(name, out var dimension)
        ? dimension
        : throw new InvalidQueryException($"The dimension {InvalidQueryException.Quote(name)} is unknown: use one of "
            + $"{string.Join(", ", DimensionNames.All)}.");
}
