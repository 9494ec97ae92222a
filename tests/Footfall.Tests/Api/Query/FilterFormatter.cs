using Footfall.History;

namespace Footfall.Tests.Api.Query;

/// <summary>Writes filters in short, to compare them.</summary>
internal static class FilterFormatter
{
    public static string Format(Filter? filter) => filter switch
    {
        null => "none",
        Filter.Comparison(var dimension, var with, var values, var sensitive) =>
            $"{dimension.Kind}{(dimension.Prop is { } prop ? $":{prop}" : "")} " +
            $"{with.ToString().ToLowerInvariant()}{(sensitive ? "" : "/i")} {string.Join('|', values)}",
        Filter.All(var of) => $"({string.Join(" and ", of.Select(Format))})",
        Filter.Any(var of) => $"({string.Join(" or ", of.Select(Format))})",
        Filter.Not(var of) => $"not({Format(of)})",
        Filter.HasDone(var of) => $"done({Format(of)})",
        _ => throw new InvalidOperationException(filter.ToString()),
    };
}
