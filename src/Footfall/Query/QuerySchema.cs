using System.Buffers;
using System.Text.Json;
using Footfall.Query.Answers;
using Footfall.Query.Language;
using Footfall.Words;

namespace Footfall.Query;

/// <summary><c>GET /api/v1/query/schema</c>: the words of the query language, from the tables that read it.</summary>
internal static class QuerySchema
{
    private static readonly byte[] Body = Write();

    public static Task GetAsync(HttpContext http) => JsonAnswer.WriteAsync(http.Response, Body);

    private static byte[] Write()
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, JsonAnswer.Readable);
        json.WriteStartObject();
        AnswerWriter.WriteTexts(json, "keys", QueryParser.Keys);
        AnswerWriter.WriteTexts(json, "metrics", MetricNames.All);
        AnswerWriter.WriteTexts(json, "dimensions", DimensionNames.All);
        AnswerWriter.WriteTexts(json, "operators", FilterReader.Operators);
        AnswerWriter.WriteTexts(json, "date_ranges", ["day", "24h", "<n>d", "month", "<n>mo", "year", "all", "realtime", "30m"]);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenSpan.ToArray();
    }
}
