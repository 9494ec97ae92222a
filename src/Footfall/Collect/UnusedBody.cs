using Footfall.Words;
using Microsoft.AspNetCore.Http.Features;

namespace Footfall.Collect;

/// <summary>Reads past a body that means nothing here, up to a limit. Most requests have none, and cost a look.</summary>
internal static class UnusedBody
{
    /// <summary>The longest body, in bytes.</summary>
    public const int Limit = 10 * 1024;

    public static ValueTask<RejectReason> PassAsync(HttpContext http) =>
        http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } ? new(RejectReason.None) : ReadAsync(http.Request);

    private static async ValueTask<RejectReason> ReadAsync(HttpRequest request)
    {
        Events.EventsBody.LiftServerLimit(request.HttpContext);
        if (request.ContentLength > Limit) return RejectReason.PayloadTooLarge;
        var buffer = new byte[4096];
        try
        {
            for (var length = 0; ;)
            {
                var read = await request.Body.ReadAsync(buffer);
                if (read == 0) return RejectReason.None;
                length += read;
                if (length > Limit) return RejectReason.PayloadTooLarge;
            }
        }
        catch (IOException)
        {
            // Cut short, or not chunked as HTTP says.
            return RejectReason.MalformedBody;
        }
    }
}
