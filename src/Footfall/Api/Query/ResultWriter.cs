using System.Buffers;
using System.Text.Json;
using Footfall.Common;

namespace Footfall.Api.Query;

/// <summary>
/// Writes results as Plausible does (https://plausible.io/docs/stats-api#response-structure): <c>results</c>, <c>meta</c>, <c>query</c>.
/// </summary>
internal static class ResultWriter
{
    public static ArrayBufferWriter<byte> Write(QueryResult result) => Write(result.Plan, result.Rows, json =>
    {
        MetaWriter.Write(json, result);
        QueryEchoWriter.Write(json, result.Plan);
    });

    public static ArrayBufferWriter<byte> Write(FunnelResult result) => Write(result.Plan, result.Rows, json =>
    {
        FunnelWriter.WriteMeta(json, result);
        QueryEchoWriter.Write(json, result.Plan);
    });

    private static ArrayBufferWriter<byte> Write(QueryPlan plan, IReadOnlyList<ResultRow> rows, Action<Utf8JsonWriter> writeMeta)
    {
        // An estimate for a name and the metrics of each row, so that a buffer of a megabyte is not allocated twice.
        var body = new ArrayBufferWriter<byte>(512 + rows.Count * (48 + plan.Request.Metrics.Count * 48));
        using var json = new Utf8JsonWriter(body, JsonResponse.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("results");
        foreach (var row in rows) WriteRow(json, plan, row);
        json.WriteEndArray();
        writeMeta(json);
        json.WriteEndObject();
        json.Flush();
        return body;
    }

    private static void WriteRow(Utf8JsonWriter json, QueryPlan plan, ResultRow row)
    {
        json.WriteStartObject();
        WriteMetrics(json, plan, row.Metrics);
        WriteStrings(json, "dimensions", row.Dimensions);
        if (row.Compared is { } compared)
        {
            json.WriteStartObject("comparison");
            WriteStrings(json, "dimensions", compared.Dimensions);
            WriteMetrics(json, plan, compared.Metrics);
            json.WriteStartArray("change");
            foreach (var change in compared.Deltas) ValueWriter.WriteNumber(json, change);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, QueryPlan plan, object?[] values)
    {
        json.WriteStartArray("metrics");
        for (var i = 0; i < values.Length; i++)
        {
            var plausible = i < plan.Request.Metrics.Count && plan.Request.Metrics[i].IsPlausibleMoney();
            ValueWriter.Write(json, values[i], plausible);
        }
        json.WriteEndArray();
    }

    public static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string?> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
