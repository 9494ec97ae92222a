using System.Text.Json;

namespace Footfall.Words;

/// <summary>Writes the error body that every endpoint has in common: <c>{"error": "…", "code": "…"}</c>.</summary>
internal static class Refusal
{
    /// <summary>How long a client waits before it tries again after a 503, in seconds.</summary>
    private const string RetryAfter = "1";

    private static readonly byte[][] Bodies = [.. Enum.GetValues<RejectReason>().Select(Body)];

    public static Task WriteAsync(HttpContext http, RejectReason reason)
    {
        var body = Bodies[(int)reason];
        var response = http.Response;
        response.StatusCode = Rejections.Of(reason).Status;
        if (reason.IsTransient()) response.Headers.RetryAfter = RetryAfter;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }

    private static byte[] Body(RejectReason reason)
    {
        var rejection = Rejections.Of(reason);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("error", rejection.Error);
            json.WriteString("code", rejection.Code);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
