using System.Text.Json;
using Footfall.Common;

namespace Footfall.Api.Query;

/// <summary>Writes <c>meta</c>: https://plausible.io/docs/stats-api#meta.</summary>
internal static class MetaWriter
{
    public static void Write(Utf8JsonWriter json, QueryResult result)
    {
        var include = result.Plan.Request.Include;
        json.WriteStartObject("meta");
        if (include.Imports)
        {
            // Hits from footfall import are like all others. Footfall has no imported totals of other tools, which is what Plausible means.
            json.WriteBoolean("imports_included", false);
            json.WriteString("imports_skip_reason", "no_imported_data");
        }
        WriteWarnings(json, result);
        if (result.TimeLabels is { } labels) ResultWriter.WriteStrings(json, "time_labels", labels);
        if (result.TotalRows is { } rows) json.WriteNumber("total_rows", rows);
        json.WriteEndObject();
    }

    private static void WriteWarnings(Utf8JsonWriter json, QueryResult result)
    {
        var begun = false;
        for (var i = 0; i < result.Plan.Request.Metrics.Count; i++)
        {
            if (Warning(result, i) is not (var code, var warning)) continue;
            if (!begun) json.WriteStartObject("metric_warnings");
            begun = true;
            json.WriteStartObject(MetricNames.NameOf(result.Plan.Request.Metrics[i]));
            json.WriteString("code", code);
            json.WriteString("warning", warning);
            json.WriteEndObject();
        }
        if (begun) json.WriteEndObject();
    }

    /// <summary>Why an amount of money is null.</summary>
    private static (string Code, string Warning)? Warning(QueryResult result, int metric)
    {
        if (!result.Plan.Request.Metrics[metric].IsPlausibleMoney()) return null;
        var amounts = result.Rows.Select(row => row.Metrics[metric] as Money).ToList();
        if (amounts.Any(amount => amount is { Total: null, ByCurrency.Count: > 1 }))
            return ("no_single_revenue_currency", "Revenue metrics are null because the events have amounts in several currencies, and "
                + "there are no exchange rates.");
        return amounts.All(amount => amount is null)
            ? ("no_revenue_goals_matching",
                "Revenue metrics are null because no matching event has an amount; they need event:goal as a filter or a dimension. "
                + "The metric revenue covers all purchases.")
            : null;
    }
}
