using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footfall.Common;

namespace Footfall.Hosting;

/// <summary>
/// The OpenAPI 3.1 document. It is written by hand in <c>openapi.json</c>, because the endpoints are plain delegates without metadata.
/// There, an operation lists its rejections by code (<c>x-refusals</c>); statuses, sentences and examples of those come from
/// <see cref="Rejections"/>, so that they always match the responses.
/// </summary>
internal static class OpenApiDocument
{
    private const string RejectionsField = "x-refusals";

    private static readonly Dictionary<string, Rejection> ByCode =
        Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.None).Select(Rejections.Get)
            .ToDictionary(rejection => rejection.Code);

    /// <summary>The whole document, UTF-8.</summary>
    public static byte[] Read()
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!;
        var document = JsonNode.Parse(file)!.AsObject();
        document["info"]!["version"] = BuildInfo.Version;
        document["components"]!["schemas"]!["Error"]!["properties"]!["code"]!["enum"] =
            new JsonArray([.. ByCode.Keys.Order(StringComparer.Ordinal).Select(code => (JsonNode)code)]);
        foreach (var (_, path) in document["paths"]!.AsObject())
            foreach (var (_, operation) in path!.AsObject())
                if (operation is JsonObject described) AddRejections(described);
        return JsonSerializer.SerializeToUtf8Bytes(document);
    }

    private static void AddRejections(JsonObject operation)
    {
        if (operation[RejectionsField] is not JsonArray codes) return;
        var responses = operation["responses"]!.AsObject();
        foreach (var status in codes.Select(code => ByCode[code!.GetValue<string>()]).GroupBy(rejection => rejection.Status)
            .OrderBy(group => group.Key))
            responses[$"{status.Key}"] = Response(status.Key, [.. status]);
        operation.Remove(RejectionsField);
    }

    private static JsonObject Response(int status, Rejection[] rejections)
    {
        var examples = new JsonObject();
        foreach (var rejection in rejections)
            examples[rejection.Code] =
                new JsonObject { ["value"] = new JsonObject { ["error"] = rejection.Error, ["code"] = rejection.Code } };
        var response = new JsonObject
        {
            ["description"] = string.Join("; ", rejections.Select(rejection => rejection.Error)),
            ["content"] = new JsonObject
            {
                ["application/json"] =
                    new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Error" }, ["examples"] = examples },
            },
        };
        if (status == 429)
            response["headers"] = Headers("RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After");
        if (status == 503) response["headers"] = Headers("Retry-After");
        return response;
    }

    private static JsonObject Headers(params ReadOnlySpan<string> names)
    {
        var headers = new JsonObject();
        foreach (var name in names) headers[name] = new JsonObject { ["$ref"] = $"#/components/headers/{name}" };
        return headers;
    }
}
