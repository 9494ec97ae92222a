using System.Text.Json;
using Footfall.History;

namespace Footfall.Query.Language;

/// <summary>Reads <c>funnel</c>: <c>{"steps": ["view_item", ["is", "event:name", ["add_to_cart"]], …]}</c>.</summary>
internal static class FunnelReader
{
    public static Funnel Read(JsonElement value, JsonElement root, FilterReader filters)
    {
        foreach (var key in (ReadOnlySpan<string>)["metrics", "order_by", "include"])
            if (Json.Optional(root, key) is not null) throw new InvalidQueryException($"A funnel has no {key}: its metrics are the visits of each step.");
        Json.Check(value, "funnel", "steps");
        if (Json.Optional(value, "steps") is not { ValueKind: JsonValueKind.Array } steps || steps.GetArrayLength() is < QueryLimits.MinSteps or > QueryLimits.MaxSteps)
            throw new InvalidQueryException($"The funnel.steps must be a list of {QueryLimits.MinSteps} to {QueryLimits.MaxSteps} steps.");
        return new Funnel([.. steps.EnumerateArray().Select(step => Step(step, filters))], steps);
    }

    /// <summary>A text is short for the name of an event.</summary>
    private static Filter Step(JsonElement step, FilterReader filters)
    {
        if (step.ValueKind != JsonValueKind.String) return filters.ReadStep(step);
        var name = step.GetString()!;
        if (name.Length is 0 or > QueryLimits.ClauseLength) throw new InvalidQueryException("A step of the funnel is the name of an event, or a filter.");
        DimensionNames.TryRead("event:name", out var dimension);
        return new Clauses(dimension!, Operator.Is, [name], CaseSensitive: true).Compile();
    }
}
