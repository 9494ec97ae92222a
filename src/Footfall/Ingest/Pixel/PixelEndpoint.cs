using System.Text;
using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Ingest.Pixel;

/// <summary>
/// <c>GET /api/v1/pixel.gif?site=shop.example&amp;url=…</c>: a page view of a page without script. The response is a transparent GIF of
/// one pixel in any case, so that no page shows a broken image; a rejection has its status, and its code in <c>X-Footfall-Error</c>.
/// </summary>
internal sealed class PixelEndpoint(IJournal journal, HitAcceptorFactory acceptors, IngestMetrics metrics)
{
    public const string ErrorHeader = "X-Footfall-Error";

    /// <summary>43 bytes: GIF89a, 1 by 1, one transparent color.</summary>
    private static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");

    public async Task GetAsync(HttpContext http)
    {
        using var submission = journal.Rent();
        var acceptor = acceptors.Create(http);
        var reason = Read(http.Request, acceptor, submission);
        if (reason == RejectReason.None) reason = await journal.AppendAsync(submission);
        if (reason == RejectReason.None) metrics.Count(acceptor.Bots);
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

    private static RejectReason Read(HttpRequest request, HitAcceptor acceptor, Submission submission)
    {
        string? page = request.Query["url"];
        if (string.IsNullOrEmpty(page)) page = request.Headers.Referer;
        var draft = new HitDraft { Id = Read("id"), Site = Read("site"), Url = Encode(page), Referrer = Read("referrer") };
        try
        {
            return acceptor.Accept(draft, submission).Reason;
        }
        catch (SaltsUnavailableException)
        {
            // As for events: if the disk can't store a salt, it can't store a hit.
            return RejectReason.JournalUnavailable;
        }

        ReadOnlySpan<byte> Read(string field) => Encode(request.Query[field]);

        static ReadOnlySpan<byte> Encode(string? text) => string.IsNullOrEmpty(text) ? default : Encoding.UTF8.GetBytes(text);
    }
}
