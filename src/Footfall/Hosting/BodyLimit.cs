using Footfall.Words;
using Microsoft.AspNetCore.Http.Features;

namespace Footfall.Hosting;

/// <summary>
/// Refuses a body over 10 KiB where the endpoint does not read it, so that Kestrel's own limit would not be met before the answer.
/// The events endpoint has its own limit.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next, Failures failures)
{
    /// <summary>In bytes. The limit of every endpoint that sets none of its own.</summary>
    public const int Largest = 10 * 1024;

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.ContentLength is { } length)
            return length <= Largest || ApiPaths.IsEvents(request) ? next(http) : failures.RefuseAsync(http, StatusCodes.Status413PayloadTooLarge);
        return ApiPaths.IsStats(request) && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } ? DrainAsync(http) : next(http);
    }

    /// <summary>A chunked body has no length to judge by: it is read to its end, or to the limit, where Kestrel throws.</summary>
    private async Task DrainAsync(HttpContext http)
    {
        try
        {
            var reader = http.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(http.RequestAborted);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
        }
        catch (Exception error) when (error is BadHttpRequestException or IOException or OperationCanceledException)
        {
            await failures.AnswerAsync(http, error);
            return;
        }
        await next(http);
    }
}
