using System.Text.Encodings.Web;
using System.Text.Json;

namespace Footfall.Common;

/// <summary>Sends serialized JSON.</summary>
internal static class JsonResponse
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>
    /// Leaves letters of all languages, quotes and apostrophes unescaped: the response is never interpreted as HTML (<c>nosniff</c>).
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, cancellationToken).AsTask();
    }
}
