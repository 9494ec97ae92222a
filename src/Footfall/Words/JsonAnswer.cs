namespace Footfall.Words;

/// <summary>Answers with JSON that is written already.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json; charset=utf-8";

    public static Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> body, CancellationToken cancel = default)
    {
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, cancel).AsTask();
    }
}
