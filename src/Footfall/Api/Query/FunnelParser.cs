using System.Text.Json;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>Reads <c>funnel</c>: <c>{"steps": ["view_item", ["is", "event:name", ["add_to_cart"]], …]}</c>.</summary>
internal static class FunnelParser
{
    public static FunnelRequest Parse(JsonElement value, JsonElement root, FilterParser filters)
    {
        foreach (var key in (ReadOnlySpan<string>)["metrics", "order_by", "include"])
            if (QueryJson.Optional(root, key) is not null)
                throw new InvalidQueryException($"A funnel has no {key}: its metrics are the visits of each step.");
        QueryJson.CheckKeys(value, "funnel", "steps");
        if (QueryJson.Optional(value, "steps") is not { ValueKind: JsonValueKind.Array } steps
            || steps.GetArrayLength() is < QueryLimits.MinSteps or > QueryLimits.MaxSteps)
            throw new InvalidQueryException($"The funnel.steps must be a list of {QueryLimits.MinSteps} to {QueryLimits.MaxSteps} steps.");
        return new FunnelRequest([.. steps.EnumerateArray().Select(step => ParseStep(step, filters))], steps);
    }

    /// <summary>A text is short for the name of an event.</summary>
    private static Filter ParseStep(JsonElement step, FilterParser filters)
    {
        if (step.ValueKind != JsonValueKind.String) return filters.ParseStep(step);
        var name = step.GetString()!;
        if (name.Length is 0 or > QueryLimits.ClauseLength)
            throw new InvalidQueryException("A step of the funnel is the name of an event, or a filter.");
        _ = DimensionNames.TryParse("event:name", out var dimension);
        return new FilterClauses(dimension!, FilterOperator.Is, [name], CaseSensitive: true).ToFilter();
    }
}
