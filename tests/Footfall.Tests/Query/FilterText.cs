using Footfall.History;

namespace Footfall.Tests.Query;

/// <summary>Writes filters in short, to compare them.</summary>
internal static class FilterText
{
    public static string Of(Filter? filter) => filter switch
    {
        null => "none",
        Filter.Compare(var dimension, var with, var values, var sensitive) => $"{dimension.Kind}{(dimension.Prop is { } prop ? $":{prop}" : "")} {with.ToString().ToLowerInvariant()}{(sensitive ? "" : "/i")} {string.Join('|', values)}",
        Filter.All(var of) => $"({string.Join(" and ", of.Select(Of))})",
        Filter.Any(var of) => $"({string.Join(" or ", of.Select(Of))})",
        Filter.Not(var of) => $"not({Of(of)})",
        Filter.HasDone(var of) => $"done({Of(of)})",
        _ => throw new InvalidOperationException(filter.ToString()),
    };
}
