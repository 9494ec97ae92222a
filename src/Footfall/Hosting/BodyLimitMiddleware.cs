using Footfall.Common;
using Microsoft.AspNetCore.Http.Features;

namespace Footfall.Hosting;

/// <summary>
/// Rejects bodies over 10 KiB for endpoints that don't read them, where Kestrel's own limit would not apply before the response. Some
/// endpoints have their own limits (<see cref="EndpointNeeds"/>).
/// </summary>
internal sealed class BodyLimitMiddleware(RequestDelegate next, ExceptionResponses responses)
{
    /// <summary>In bytes. The limit of every endpoint that sets none of its own.</summary>
    public const int MaxBytes = 10 * 1024;

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (EndpointNeeds.Get(http).OwnBodyLimit) return next(http);
        if (request.ContentLength is { } length)
            return length <= MaxBytes ? next(http) : responses.WriteStatusAsync(http, StatusCodes.Status413PayloadTooLarge);
        return http.GetEndpoint() is RouteEndpoint && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            ? DrainAsync(http) : next(http);
    }

    /// <summary>
    /// A chunked body has no length to judge by: it is read to its end, or to the limit. Counted here, since Kestrel counts chunk framing
    /// too and closes the connection over its limit, so that a client may see a reset instead of the response. Its limit stays, above the
    /// size of one-byte chunks: a chunk extension could be endless.
    /// </summary>
    private async Task DrainAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = 8 * MaxBytes + 64 * 1024;
        var length = 0L;
        try
        {
            var reader = http.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(http.RequestAborted);
                length += read.Buffer.Length;
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || length > MaxBytes) break;
            }
        }
        catch (OperationCanceledException error)
        {
            await responses.WriteExceptionAsync(http, error);
            return;
        }
        catch (IOException)
        {
            // Truncated, or invalid HTTP chunking.
            await responses.WriteStatusAsync(http, StatusCodes.Status400BadRequest);
            return;
        }
        if (length > MaxBytes) await responses.WriteStatusAsync(http, StatusCodes.Status413PayloadTooLarge);
        else await next(http);
    }
}
