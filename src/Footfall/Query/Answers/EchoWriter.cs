using System.Text.Json;
using Footfall.Query.Language;

namespace Footfall.Query.Answers;

/// <summary>Writes <c>query</c>: the query that was answered, with its moments and its order.</summary>
internal static class EchoWriter
{
    public static void Write(Utf8JsonWriter json, QueryPlan plan)
    {
        var request = plan.Request;
        json.WriteStartObject("query");
        json.WriteString("site_id", request.Domain);
        if (request.Funnel is { } funnel) WriteFunnel(json, funnel);
        else AnswerWriter.WriteTexts(json, "metrics", request.Metrics.Select(MetricNames.NameOf));
        WriteRange(json, plan);
        WriteFilters(json, request);
        AnswerWriter.WriteTexts(json, "dimensions", plan.Dimensions.Select(dimension => dimension.Name));
        if (request.Funnel is null)
        {
            WriteOrder(json, plan);
            WriteInclude(json, request.Include);
        }
        json.WriteStartObject("pagination");
        json.WriteNumber("offset", request.Page.Offset);
        json.WriteNumber("limit", request.Page.Limit);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFunnel(Utf8JsonWriter json, Funnel funnel)
    {
        json.WriteStartObject("funnel");
        json.WritePropertyName("steps");
        funnel.Text.WriteTo(json);
        json.WriteEndObject();
    }

    /// <summary>The first and the last second, by the site's clock.</summary>
    private static void WriteRange(Utf8JsonWriter json, QueryPlan plan)
    {
        var (first, last) = (plan.Period.From, plan.Period.Until - SiteCalendar.Second);
        AnswerWriter.WriteTexts(json, "date_range", [plan.Calendar.Write(first), plan.Calendar.Write(last)]);
    }

    private static void WriteFilters(Utf8JsonWriter json, QueryRequest request)
    {
        if (request.FilterText is { } filters)
        {
            json.WritePropertyName("filters");
            filters.WriteTo(json);
        }
        else
        {
            AnswerWriter.WriteTexts(json, "filters", []);
        }
    }

    private static void WriteOrder(Utf8JsonWriter json, QueryPlan plan)
    {
        json.WriteStartArray("order_by");
        foreach (var key in plan.Order)
        {
            json.WriteStartArray();
            json.WriteStringValue(key.Metric >= 0 ? MetricNames.NameOf(plan.Request.Metrics[key.Metric]) : plan.Dimensions[key.Dimension].Name);
            json.WriteStringValue(key.Descending ? "desc" : "asc");
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>What was asked for only.</summary>
    private static void WriteInclude(Utf8JsonWriter json, Include include)
    {
        json.WriteStartObject("include");
        if (include.Imports) json.WriteBoolean("imports", true);
        if (include.TimeLabels) json.WriteBoolean("time_labels", true);
        if (include.TotalRows) json.WriteBoolean("total_rows", true);
        if (include.Comparison is { } comparison)
        {
            json.WritePropertyName("comparisons");
            comparison.Text.WriteTo(json);
        }
        json.WriteEndObject();
    }
}
