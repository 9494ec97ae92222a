using System.Text.Json;
using System.Text.Unicode;
using Footfall.Common;
using Microsoft.AspNetCore.Http.Features;

namespace Footfall.Api.Query;

/// <summary>Reads the body of a query: JSON in UTF-8 of at most <see cref="QueryLimits.Body"/> bytes.</summary>
internal static class QueryBodyReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = QueryLimits.JsonDepth };

    /// <returns>The document, to be disposed, or the reject reason.</returns>
    /// <exception cref="InvalidQueryException">It is not JSON.</exception>
    public static async Task<(JsonDocument? Document, RejectReason Reason)> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.ContentEncoding.ToString() is not ("" or "identity")) return (null, RejectReason.UnsupportedEncoding);
        if (request.ContentLength > QueryLimits.Body) return (null, RejectReason.PayloadTooLarge);
        // Kestrel counts chunk framing as part of the body, and would close the connection over its limit instead of a response.
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
    /// JsonDocument accepts invalid UTF-8 and lone surrogates, and fails when such a text is read. Of duplicate keys it uses one.
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
            // Truncated, or invalid HTTP chunking.
            return false;
        }
    }
}
