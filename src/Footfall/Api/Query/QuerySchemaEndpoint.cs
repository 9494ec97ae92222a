using System.Buffers;
using System.Text.Json;
using Footfall.Common;

namespace Footfall.Api.Query;

/// <summary><c>GET /api/v1/query/schema</c>: the terms of the query language, from the tables of the parser.</summary>
internal static class QuerySchemaEndpoint
{
    private static readonly byte[] Body = WriteBody();

    public static Task GetAsync(HttpContext http) => JsonResponse.WriteAsync(http.Response, Body);

    private static byte[] WriteBody()
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, JsonResponse.WriterOptions);
        json.WriteStartObject();
        ResultWriter.WriteStrings(json, "keys", QueryParser.Keys);
        ResultWriter.WriteStrings(json, "metrics", MetricNames.All);
        ResultWriter.WriteStrings(json, "dimensions", DimensionNames.All);
        ResultWriter.WriteStrings(json, "operators", FilterParser.Operators);
        ResultWriter.WriteStrings(json, "date_ranges", ["day", "24h", "<n>d", "month", "<n>mo", "year", "all", "realtime", "30m"]);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenSpan.ToArray();
    }
}
