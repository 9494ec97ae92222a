using System.Text.Json;
using System.Text.Unicode;
using Footfall.Common;
using Microsoft.AspNetCore.Http.Features;

namespace Footfall.Api.Query;

/// <summary>Reads the body of a query: JSON in UTF-8 of at most <see cref="QueryLimits.Body"/> bytes.</summary>
internal static class QueryBodyReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = QueryLimits.JsonDepth };

    /// <returns>The document, to be disposed of; or the reason why there is none.</returns>
    /// <exception cref="InvalidQueryException">It is no JSON.</exception>
    public static async Task<(JsonDocument? Document, RejectReason Reason)> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.ContentEncoding.ToString() is not ("" or "identity")) return (null, RejectReason.UnsupportedEncoding);
        if (request.ContentLength > QueryLimits.Body) return (null, RejectReason.PayloadTooLarge);
        // Kestrel counts what divides chunks with the body, and would cut the connection over its limit in place of an answer.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = 8L * QueryLimits.Body;
        using var bytes = new MemoryStream((int)(request.ContentLength ?? 1024));
        if (!await TryReadAsync(http, bytes))
            return (null, bytes.Length > QueryLimits.Body ? RejectReason.PayloadTooLarge : RejectReason.MalformedBody);
        try
        {
            var json = bytes.ToArray();
            CheckTexts(json);
            return (JsonDocument.Parse(json, Options), RejectReason.None);
        }
        catch (JsonException error)
        {
            throw new InvalidQueryException($"The body is not JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");
        }
    }

    /// <summary>
    /// A document takes bytes that are not UTF-8, and halves of surrogate pairs, and fails where such a text is read. Of a key that is
    /// named twice it takes one.
    /// </summary>
    private static void CheckTexts(byte[] json)
    {
        if (!Utf8.IsValid(json)) throw new InvalidQueryException("The body is not in UTF-8.");
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = QueryLimits.JsonDepth });
        var objects = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject) objects.Push([]);
            else if (reader.TokenType == JsonTokenType.EndObject) objects.Pop();
            if (!reader.ValueIsEscaped && reader.TokenType != JsonTokenType.PropertyName) continue;
            try
            {
                var text = reader.GetString()!;
                if (reader.TokenType == JsonTokenType.PropertyName && !objects.Peek().Add(text))
                    throw new InvalidQueryException($"The key {InvalidQueryException.Quote(text)} appears twice in one object.");
            }
            catch (InvalidOperationException)
            {
                throw new InvalidQueryException("A string in the body has half of a surrogate pair.");
            }
        }
    }

    private static async Task<bool> TryReadAsync(HttpContext http, MemoryStream bytes)
    {
        var buffer = new byte[8 * 1024];
        try
        {
            while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is > 0 and var read)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > QueryLimits.Body) return false;
            }
            return bytes.Length > 0;
        }
        catch (IOException) when (!http.RequestAborted.IsCancellationRequested)
        {
            // Cut short, or not chunked as HTTP says.
            return false;
        }
    }
}
