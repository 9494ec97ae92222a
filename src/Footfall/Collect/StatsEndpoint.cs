using System.Buffers.Text;
using Footfall.Enrich;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Collect;

/// <summary><c>POST /api/v1/stats?countryCode=us</c>: one bare visit.</summary>
internal sealed class StatsEndpoint(
    IJournal journal, HitOrigins origins, Sites sites, KeyHasher hasher, CollectMetrics metrics, TimeProvider time)
{
    /// <summary>The longest answer: <c>{"us":9223372036854775807}</c>.</summary>
    private const int LongestAnswer = 32;

    public async Task PostAsync(HttpContext http)
    {
        var reason = Read(http.Request, out var hit);
        if (reason == RejectReason.None)
        {
            using var submission = journal.Rent(quick: true);
            submission.Add(hit);
            reason = await journal.AppendAsync(submission);
            if (reason == RejectReason.None)
            {
                await AnswerAsync(http.Response, submission.Outcomes[0]);
                return;
            }
        }
        await Refusal.WriteAsync(http, metrics.Count(reason));
    }

    private RejectReason Read(HttpRequest request, out Hit hit)
    {
        hit = default;
        var query = request.QueryString.Value.AsSpan();
        var reason = Country.Parse(QueryReader.Find(query, "countryCode"), out var country);
        if (reason != RejectReason.None) return reason;
        var keys = request.Headers["Idempotency-Key"];
        string? key = keys;
        if (keys.Count > 1 || !KeyHasher.IsKey(key)) return RejectReason.InvalidKey;
        // Last of all: a new site takes one of the places, and a refused visit must not.
        reason = sites.Find(QueryReader.Find(query, "site"), out var site);
        if (reason != RejectReason.None) return reason;
        if (!origins.AcceptCountry) country = origins.CountryOf(request.HttpContext);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        hit = new Hit(site, now, country, HitKind.Visit, false, 0, hasher.OfHeader(site, key), 0, 0, 0);
        return RejectReason.None;
    }

    private static ValueTask<System.IO.Pipelines.FlushResult> AnswerAsync(HttpResponse response, in Outcome outcome)
    {
        response.StatusCode = StatusCodes.Status201Created;
        response.ContentType = JsonAnswer.ContentType;
        var body = response.BodyWriter.GetSpan(LongestAnswer);
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
