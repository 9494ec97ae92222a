using System.Text.Json;

namespace Footfall.Common;

/// <summary>Writes the error body that every endpoint has in common: <c>{"error": "…", "code": "…"}</c>.</summary>
internal static class RejectionResponse
{
    /// <summary>How long a client waits before it tries again after a 503, in seconds.</summary>
    private const string RetryAfter = "1";

    private static readonly byte[][] Bodies = [.. Enum.GetValues<RejectReason>().Select(BuildBody)];

    public static Task WriteAsync(HttpContext http, RejectReason reason)
    {
        return WriteAsync(http, reason, Bodies[(int)reason]);
    }

    /// <summary>Writes a specific message in place of that of the reason.</summary>
    /// <param name="error">For a person; it may quote what the client sent.</param>
    public static Task WriteAsync(HttpContext http, RejectReason reason, string error) =>
        WriteAsync(http, reason, BuildBody(reason, error));

    private static Task WriteAsync(HttpContext http, RejectReason reason, byte[] body)
    {
        var response = http.Response;
        response.StatusCode = Rejections.Get(reason).Status;
        if (reason.IsTransient()) response.Headers.RetryAfter = RetryAfter;
        return JsonResponse.WriteAsync(response, body);
    }

    private static byte[] BuildBody(RejectReason reason) => BuildBody(reason, Rejections.Get(reason).Error);

    private static byte[] BuildBody(RejectReason reason, string error)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, JsonResponse.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteString("code", Rejections.Get(reason).Code);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
