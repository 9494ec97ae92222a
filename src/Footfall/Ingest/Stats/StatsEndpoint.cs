using System.Buffers.Text;
using Footfall.Common;
using Footfall.Enrich;
using Footfall.Journal;

namespace Footfall.Ingest.Stats;

/// <summary><c>POST /api/v1/stats?countryCode=us</c>: one bare visit.</summary>
internal sealed class StatsEndpoint(
    IJournal journal, HitOriginFactory origins, SiteRegistry sites, KeyHasher hasher, IngestMetrics metrics, TimeProvider time)
{
    /// <summary>The longest answer: <c>{"us":9223372036854775807}</c>.</summary>
    private const int MaxResponseBytes = 32;

    public async Task PostAsync(HttpContext http)
    {
        var reason = ReadHit(http.Request, out var hit);
        if (reason == RejectReason.None)
        {
            using var submission = journal.Rent(inline: true);
            submission.Add(hit);
            reason = await journal.AppendAsync(submission);
            if (reason == RejectReason.None)
            {
                await WriteResponseAsync(http.Response, submission.Outcomes[0]);
                return;
            }
        }
        await RejectionResponse.WriteAsync(http, metrics.Count(reason));
    }

    private RejectReason ReadHit(HttpRequest request, out Hit hit)
    {
        hit = default;
        var query = request.QueryString.Value.AsSpan();
        var reason = Country.Parse(QueryStringReader.GetValue(query, "countryCode"), out var country);
        if (reason != RejectReason.None) return reason;
        var keys = request.Headers["Idempotency-Key"];
        string? key = keys;
        if (keys.Count > 1 || !KeyHasher.IsValidKey(key)) return RejectReason.InvalidKey;
        // Last of all: a new site takes one of the places, and a refused visit must not.
        reason = sites.GetOrAdd(QueryStringReader.GetValue(query, "site"), out var site);
        if (reason != RejectReason.None) return reason;
        if (!origins.AcceptCountry) country = origins.GetCountry(request.HttpContext);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        hit = new Hit(site, now, country, HitKind.Visit, false, 0, hasher.HashHeader(site, key), 0, 0, 0);
        return RejectReason.None;
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
