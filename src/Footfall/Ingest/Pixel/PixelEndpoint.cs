using System.Buffers;
using System.Text.Json;
using Footfall.Common;
using Footfall.Enrich;
using Footfall.Journal;

namespace Footfall.Ingest.Pixel;

/// <summary>
/// <c>GET /api/v1/pixel.gif?site=shop.example&amp;url=…</c>: a page view of a page without script. It is answered with a transparent GIF of
/// one pixel in any case, so that no page shows a broken image; a refusal has its status, and its code in <c>X-Footfall-Error</c>.
/// </summary>
internal sealed class PixelEndpoint(
    IJournal journal, HitOriginFactory origins, SiteRegistry sites, KeyHasher keys, IngestMetrics metrics, TimeProvider time)
{
    public const string ErrorHeader = "X-Footfall-Error";

    /// <summary>43 bytes: GIF89a, 1 by 1, one transparent colour.</summary>
    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");

    private static readonly string[] Fields = ["id", "site", "url", "referrer"];

    public async Task GetAsync(HttpContext http)
    {
        using var submission = journal.Rent();
        var reader = new HitReader(origins.Create(http), sites, keys, time.GetUtcNow());
        var reason = Read(http.Request, reader, submission);
        if (reason == RejectReason.None) reason = await journal.AppendAsync(submission);
        if (reason == RejectReason.None) metrics.Count(reader.Bots);
        else WriteRejection(http.Response, metrics.Count(reason));
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        http.Response.ContentType = "image/gif";
        http.Response.ContentLength = Gif.Length;
        await http.Response.Body.WriteAsync(Gif);
    }

    private static void WriteRejection(HttpResponse response, RejectReason reason)
    {
        var (status, code, _) = Rejections.Get(reason);
        response.StatusCode = status;
        response.Headers[ErrorHeader] = code;
    }

    /// <summary>Makes of the query what the events endpoint reads, so that both have the same rules.</summary>
    private static RejectReason Read(HttpRequest request, HitReader reader, Submission submission)
    {
        var json = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var field in Fields)
            {
                string? text = request.Query[field];
                if (field == "url" && string.IsNullOrEmpty(text)) text = request.Headers.Referer;
                if (!string.IsNullOrEmpty(text)) writer.WriteString(field, text);
            }
            writer.WriteEndObject();
        }
        try
        {
            return reader.Read(json.WrittenSpan, submission).Reason;
        }
        catch (SaltsUnavailableException)
        {
            // As for events: when the disk takes no salt, it takes no hit.
            return RejectReason.JournalUnavailable;
        }
    }
}
