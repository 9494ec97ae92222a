using Footfall.Common;
using Microsoft.AspNetCore.Connections;

namespace Footfall.Hosting;

/// <summary>Turns failures into the error body that all endpoints share, and logs what the client does not see.</summary>
internal sealed class ExceptionResponses(HostingMetrics metrics, ILogger<ExceptionResponses> log)
{
    /// <summary>Nginx's status for a client that disconnected before the response.</summary>
    private const int ClientClosedRequest = 499;

    /// <summary>Responds to a request whose endpoint threw. A client that disconnected is not a failure.</summary>
    public Task WriteExceptionAsync(HttpContext http, Exception error)
    {
        var response = http.Response;
        if (http.RequestAborted.IsCancellationRequested || IsConnectionGone(error))
        {
            if (!response.HasStarted) response.StatusCode = ClientClosedRequest;
            return Task.CompletedTask;
        }
        // The route, never the requested URL: its query string may name a person.
        var endpoint = http.GetEndpoint()?.DisplayName ?? "no endpoint";
        if (response.HasStarted)
        {
            log.ResponseFailed(endpoint, error);
            // The client must not take half a response for a complete one.
            http.Abort();
            return Task.CompletedTask;
        }
        ClearContentHeaders(response.Headers);
        if (error is BadHttpRequestException bad) return WriteStatusAsync(http, bad.StatusCode);
        log.RequestFailed(endpoint, error);
        return WriteStatusAsync(http, StatusCodes.Status500InternalServerError);
    }

    /// <summary>Writes the error body for a status that was set without one.</summary>
    public Task WriteStatusAsync(HttpContext http, int status) => RejectionResponse.WriteAsync(http, metrics.Count(status switch
    {
        400 => RejectReason.MalformedBody,
        404 => RejectReason.NotFound,
        405 => RejectReason.MethodNotAllowed,
        408 => RejectReason.RequestTimeout,
        413 => RejectReason.PayloadTooLarge,
        415 => RejectReason.UnsupportedMediaType,
        < 500 => RejectReason.BadRequest,
        _ => RejectReason.InternalError,
    }));

    /// <summary>Whether a response is an error without a body.</summary>
    public static bool LacksErrorBody(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null };

    /// <summary>
    /// Kestrel wraps the loss of a connection in a cancellation, and may raise it before it cancels <c>RequestAborted</c>.
    /// </summary>
    private static bool IsConnectionGone(Exception? error) =>
        error is not null && (error is ConnectionAbortedException or ConnectionResetException || IsConnectionGone(error.InnerException));

    /// <summary>Headers of a body that will not be sent. All others stay: rate limit, security, CORS.</summary>
    private static void ClearContentHeaders(IHeaderDictionary headers)
    {
        headers.ContentLength = null;
        headers.ContentType = default;
        headers.ContentEncoding = default;
        headers.ETag = default;
        headers.CacheControl = default;
    }
}

/// <summary>Makes sure that every response has a body, whatever its endpoint did.</summary>
internal sealed class ExceptionMiddleware(RequestDelegate next, ExceptionResponses responses)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (ExceptionResponses.LacksErrorBody(http.Response)) await responses.WriteStatusAsync(http, http.Response.StatusCode);
        }
        catch (Exception error)
        {
            await responses.WriteExceptionAsync(http, error);
        }
    }
}
