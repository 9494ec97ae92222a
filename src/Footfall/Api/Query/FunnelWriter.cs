using System.Text.Json;

namespace Footfall.Api.Query;

/// <summary>Writes <c>meta.funnel</c>: the steps of all rows together.</summary>
internal static class FunnelWriter
{
    public static void WriteMeta(Utf8JsonWriter json, FunnelResult result)
    {
        var visits = new long[result.Plan.Request.Funnel!.Steps.Count];
        foreach (var row in result.Rows)
            for (var step = 0; step < visits.Length; step++) visits[step] += (long)row.Metrics[step]!;
        json.WriteStartObject("meta");
        json.WriteStartObject("funnel");
        json.WriteStartArray("steps");
        for (var step = 0; step < visits.Length; step++)
        {
            json.WriteStartObject();
            json.WriteNumber("step", step + 1);
            json.WriteNumber("visits", visits[step]);
            WriteRate(json, "rate", visits[step], visits[0]);
            WriteRate(json, "rate_of_previous", visits[step], visits[Math.Max(0, step - 1)]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Percent with at most two decimals; null if no visit got that far.</summary>
    private static void WriteRate(Utf8JsonWriter json, string name, long visits, long total)
    {
        if (total == 0) json.WriteNull(name);
        else json.WriteNumber(name, Math.Round(100.0 * visits / total, 2, MidpointRounding.AwayFromZero));
    }
}
