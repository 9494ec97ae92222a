using Footfall.Common;
using Microsoft.AspNetCore.Connections;

namespace Footfall.Hosting;

/// <summary>Turns what went wrong into the error body that all endpoints have in common, and tells the log what the client is not told.</summary>
internal sealed class ExceptionResponses(HostingMetrics metrics, ILogger<ExceptionResponses> log)
{
    /// <summary>Nginx's status for a client that went away before its answer; nobody reads it.</summary>
    private const int ClientClosedRequest = 499;

    /// <summary>Answers a request whose endpoint threw. A client that went away is no failure.</summary>
    public Task WriteExceptionAsync(HttpContext http, Exception error)
    {
        var response = http.Response;
        if (http.RequestAborted.IsCancellationRequested || IsConnectionGone(error))
        {
            if (!response.HasStarted) response.StatusCode = ClientClosedRequest;
            return Task.CompletedTask;
        }
        // The route, never the address that was asked for: a query may name a person.
        var endpoint = http.GetEndpoint()?.DisplayName ?? "no endpoint";
        if (response.HasStarted)
        {
            log.ResponseFailed(endpoint, error);
            // The client must not take half an answer for a whole one.
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

    /// <summary>Whether an answer is an error that nobody wrote a body for.</summary>
    public static bool LacksErrorBody(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null };

    /// <summary>Kestrel wraps the loss of a connection in a cancellation, and may raise it before it cancels <c>RequestAborted</c>.</summary>
    private static bool IsConnectionGone(Exception? error) =>
        error is not null && (error is ConnectionAbortedException or ConnectionResetException || IsConnectionGone(error.InnerException));

    /// <summary>What the endpoint said of a body that will not come. All else stays: rate limit, security, CORS.</summary>
    private static void ClearContentHeaders(IHeaderDictionary headers)
    {
        headers.ContentLength = null;
        headers.ContentType = default;
        headers.ContentEncoding = default;
        headers.ETag = default;
        headers.CacheControl = default;
    }
}

/// <summary>Sees to it that every request is answered with a body, whatever its endpoint did.</summary>
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
