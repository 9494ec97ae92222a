using System.Text.Encodings.Web;
using System.Text.Json;

namespace Footfall.Common;

/// <summary>Answers with JSON that is written already.</summary>
internal static class JsonResponse
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>
    /// Letters of all languages, quotes and apostrophes as people read them: the answer is JSON and nothing else (<c>nosniff</c>).
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, cancellationToken).AsTask();
    }
}
