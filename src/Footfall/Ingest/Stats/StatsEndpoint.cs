using System.Buffers.Text;
using System.Text;
using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Ingest.Stats;

/// <summary><c>POST /api/v1/stats?countryCode=us</c>: one bare visit.</summary>
internal sealed class StatsEndpoint(IJournal journal, HitAcceptorFactory acceptors, IngestMetrics metrics)
{
    /// <summary>The longest response: <c>{"us":9223372036854775807}</c>.</summary>
    private const int MaxResponseBytes = 32;

    public async Task PostAsync(HttpContext http)
    {
        using var submission = journal.Rent(inline: true);
        var reason = Read(http, submission);
        if (reason == RejectReason.None) reason = await journal.AppendAsync(submission);
        if (reason == RejectReason.None) await WriteResponseAsync(http.Response, submission.Outcomes[0]);
        else await RejectionResponse.WriteAsync(http, metrics.Count(reason));
    }

    private RejectReason Read(HttpContext http, Submission submission)
    {
        var query = http.Request.QueryString.Value.AsSpan();
        var reason = Country.Parse(QueryStringReader.GetValue(query, "countryCode"), out var country);
        if (reason != RejectReason.None) return reason;
        var keys = http.Request.Headers["Idempotency-Key"];
        if (keys.Count > 1 || !KeyHasher.IsValidKey(keys)) return RejectReason.InvalidKey;
        Span<byte> site = stackalloc byte[HitLimits.Site];
        if (!Encoding.UTF8.TryGetBytes(QueryStringReader.GetValue(query, "site"), site, out var length)) return RejectReason.InvalidSite;
        site = site[..length];
        if (HitLimits.Check(site, "site", HitLimits.Site) != FieldRejection.None) return RejectReason.InvalidSite;
        var draft = new HitDraft { Name = "visit"u8, Site = site, Country = country.Utf8, IdempotencyKey = keys };
        return acceptors.Create(http).Accept(draft, submission).Reason;
    }

    private static ValueTask<System.IO.Pipelines.FlushResult> WriteResponseAsync(HttpResponse response, in HitOutcome outcome)
    {
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentType = JsonResponse.ContentType;
        var body = response.BodyWriter.GetSpan(MaxResponseBytes);
        "{\""u8.CopyTo(body);
        body[2] = (byte)(outcome.Country.Utf8[0] | 0x20);
        body[3] = (byte)(outcome.Country.Utf8[1] | 0x20);
        "\":"u8.CopyTo(body[4..]);
        Utf8Formatter.TryFormat(outcome.Visits, body[6..], out var digits);
        body[6 + digits] = (byte)'}';
        response.ContentLength = 7 + digits;
        response.BodyWriter.Advance(7 + digits);
        return response.BodyWriter.FlushAsync();
    }
}
