using Footfall.Common;
using Footfall.Journal;
using Microsoft.Extensions.Options;

namespace Footfall.Ingest.Events;

/// <summary><c>POST /api/v1/events</c>: one hit, an array, or NDJSON.</summary>
internal sealed class EventsEndpoint(
    IJournal journal, HitAcceptorFactory acceptors, IngestMetrics metrics, BodyMemoryLimiter memory, IOptions<FootfallOptions> options,
    TimeProvider time)
{
    private readonly int _limit = options.Value.MaxEventsBytes;

    public async Task PostAsync(HttpContext http)
    {
        using var body = new EventsBody(_limit, memory, time);
        body.RaiseServerLimit(http);
        using var submission = journal.Rent();
        var rejected = new List<RejectedHit>();
        var reason = await body.ReadAsync(http.Request);
        // A large batch takes milliseconds to read, and the first hit of a site's day makes a salt durable: not on the thread that reads
        // the socket.
        await Task.Yield();
        var keys = http.Request.Headers["Idempotency-Key"];
        var acceptor = acceptors.Create(http, keys);
        if (reason == RejectReason.None && (keys.Count > 1 || !KeyHasher.IsValidKey(keys))) reason = RejectReason.InvalidKey;
        if (reason == RejectReason.None) reason = TryReadHits(http.Request.ContentType, body.Bytes, acceptor, submission, rejected);
        // The hits are encoded: the buffers that they were read from need not wait for the disk.
        body.Dispose();
        if (reason == RejectReason.None && submission.Count > 0) reason = await journal.AppendAsync(submission);
        // If nothing could be read, the request is rejected as one, and its lines are not counted separately.
        if (reason == RejectReason.None || reason.IsTransient())
            foreach (var hit in rejected) metrics.Count(hit.Rejection.Reason);
        if (reason != RejectReason.None)
        {
            await RejectionResponse.WriteAsync(http, metrics.Count(reason, Math.Max(1, submission.Count)));
            return;
        }
        metrics.Count(acceptor.Bots);
        await EventsResponse.WriteAsync(http.Response, submission, rejected);
    }

    /// <summary>Reads each hit of the body. An error in one hit is recorded, and the next is read.</summary>
    /// <returns>None, or why nothing could be read.</returns>
    private static RejectReason ReadHits(string? contentType, ReadOnlySpan<byte> body, HitAcceptor acceptor, Submission submission,
        List<RejectedHit> rejected)
    {
        // Some editors and shells put a byte order mark before UTF-8 (RFC 8259, 8.1: it may be passed over).
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        if (!EventsSplitter.TryDetectFormat(contentType, body, out var format)) return RejectReason.UnsupportedMediaType;
        if (!body.ContainsAnyExcept(" \t\r\n"u8)) return RejectReason.MalformedBody;
        if (EventsSplitter.HasMoreThan(HitLimits.HitsPerRequest, body, format)) return RejectReason.TooManyHits;
        var hits = new EventsSplitter(body, format);
        var buffers = new ParseBuffers();
        var malformed = 0;
        while (hits.MoveNext())
        {
            var rejection = HitParser.Parse(hits.Current, buffers, out var draft);
            if (rejection == FieldRejection.None) rejection = acceptor.Accept(draft, submission, hits.Index);
            if (rejection == FieldRejection.None) continue;
            if (rejection.Reason == RejectReason.MalformedJson) malformed++;
            rejected.Add(new RejectedHit(hits.Index, rejection));
        }
        if (hits.IsMalformed)
        {
            malformed++;
            rejected.Add(new RejectedHit(hits.Index, RejectReason.MalformedJson));
        }
        return malformed > 0 && malformed == rejected.Count && submission.Count == 0 ? RejectReason.MalformedJson : RejectReason.None;
    }

    private static RejectReason TryReadHits(string? contentType, ReadOnlySpan<byte> body, HitAcceptor acceptor, Submission submission,
        List<RejectedHit> rejected)
    {
        try
        {
            return ReadHits(contentType, body, acceptor, submission, rejected);
        }
        catch (SaltsUnavailableException)
        {
            // The salt store is on the same disk as the journal: if the disk is full, both fail.
            return RejectReason.JournalUnavailable;
        }
    }
}
