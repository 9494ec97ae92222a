using System.Text.Json;

namespace Footfall.Api.Query;

/// <summary>Writes <c>query</c>: the query as executed, with its resolved times and order.</summary>
internal static class QueryEchoWriter
{
    public static void Write(Utf8JsonWriter json, QueryPlan plan)
    {
        var request = plan.Request;
        json.WriteStartObject("query");
        json.WriteString("site_id", request.Domain);
        if (request.Funnel is { } funnel) WriteFunnel(json, funnel);
        else ResultWriter.WriteStrings(json, "metrics", request.Metrics.Select(MetricNames.NameOf));
        WriteRange(json, plan);
        WriteFilters(json, request);
        ResultWriter.WriteStrings(json, "dimensions", plan.Dimensions.Select(dimension => dimension.Name));
        if (request.Funnel is null)
        {
            WriteOrder(json, plan);
            WriteInclude(json, request.Include);
        }
        json.WriteStartObject("pagination");
        json.WriteNumber("offset", request.Pagination.Offset);
        json.WriteNumber("limit", request.Pagination.Limit);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFunnel(Utf8JsonWriter json, FunnelRequest funnel)
    {
        json.WriteStartObject("funnel");
        json.WritePropertyName("steps");
        funnel.StepsJson.WriteTo(json);
        json.WriteEndObject();
    }

    /// <summary>The first and the last second, by the site's clock.</summary>
    private static void WriteRange(Utf8JsonWriter json, QueryPlan plan)
    {
        var (first, last) = (plan.Period.From, plan.Period.Until - SiteCalendar.Second);
        ResultWriter.WriteStrings(json, "date_range", [plan.Calendar.Format(first), plan.Calendar.Format(last)]);
    }

    private static void WriteFilters(Utf8JsonWriter json, QueryRequest request)
    {
        if (request.FilterJson is { } filters)
        {
            json.WritePropertyName("filters");
            filters.WriteTo(json);
        }
        else
        {
            ResultWriter.WriteStrings(json, "filters", []);
        }
    }

    private static void WriteOrder(Utf8JsonWriter json, QueryPlan plan)
    {
        json.WriteStartArray("order_by");
        foreach (var key in plan.OrderBy)
        {
            json.WriteStartArray();
            json.WriteStringValue(key.MetricIndex >= 0 ? MetricNames.NameOf(plan.Request.Metrics[key.MetricIndex])
                : plan.Dimensions[key.DimensionIndex].Name);
            json.WriteStringValue(key.Descending ? "desc" : "asc");
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>Only what was requested.</summary>
    private static void WriteInclude(Utf8JsonWriter json, IncludeOptions include)
    {
        json.WriteStartObject("include");
        if (include.Imports) json.WriteBoolean("imports", true);
        if (include.TimeLabels) json.WriteBoolean("time_labels", true);
        if (include.TotalRows) json.WriteBoolean("total_rows", true);
        if (include.Comparison is { } comparison)
        {
            json.WritePropertyName("comparisons");
            comparison.Json.WriteTo(json);
        }
        json.WriteEndObject();
    }
}
