namespace Footfall.Common;

/// <summary>The status, code and message of a <see cref="RejectReason"/>.</summary>
/// <param name="Status">The HTTP status of a request that is rejected as a whole.</param>
/// <param name="Code">The constant of the error body, and the tag of the metric.</param>
/// <param name="Error">The sentence for a person.</param>
internal readonly record struct Rejection(int Status, string Code, string Error);

internal static class Rejections
{
    private static readonly Rejection[] All = [.. Enum.GetValues<RejectReason>().Select(Describe)];

    public static Rejection Get(RejectReason reason) => All[(int)reason];

    /// <summary>The reasons for which the same request may succeed a moment later.</summary>
    public static bool IsTransient(this RejectReason reason) =>
        reason is RejectReason.Busy or RejectReason.JournalFull or RejectReason.JournalUnavailable or RejectReason.JournalUncertain
            or RejectReason.JournalUnreadable or RejectReason.ShuttingDown or RejectReason.NotReady
            or RejectReason.QueryQueueFull or RejectReason.QueryTimeout or RejectReason.HistoryUnavailable or RejectReason.TooManyExports
            or RejectReason.ExportFailed;

    private static Rejection Describe(RejectReason reason) => reason switch
    {
        RejectReason.None => new(200, "OK", ""),
        RejectReason.MissingCountryCode => new(422, "MISSING_COUNTRY_CODE", "Country code is required"),
        RejectReason.InvalidCountryCodeFormat =>
            new(403, "INVALID_COUNTRY_CODE_FORMAT", "Invalid country code format: two letters of ISO 3166-1, such as US, are expected"),
        RejectReason.UnknownCountryCode => new(422, "UNKNOWN_COUNTRY_CODE", "Unknown country code: it is not in ISO 3166-1 alpha-2"),
        RejectReason.InvalidSite => new(422, "INVALID_SITE", "The site must be a domain of at most 253 characters, such as shop.example"),
        RejectReason.UnknownSite => new(422, "UNKNOWN_SITE", "The site is not listed in the setting Footfall:Sites"),
        RejectReason.TooManySites =>
            new(422, "TOO_MANY_SITES", $"This server already counts {SiteRegistry.MaxSites:N0} sites; list the sites to "
            + $"count in the setting Footfall:Sites"),
        RejectReason.TooManyNewSites => new(422, "TOO_MANY_NEW_SITES", "Too many new sites were seen today; list this one in the setting "
            + "Footfall:Sites, or try again tomorrow"),
        RejectReason.InvalidKey => new(422, "INVALID_KEY", "The key of a hit (Idempotency-Key, id) must have 1 to 200 visible characters"),
        RejectReason.MalformedJson => new(400, "MALFORMED_JSON", "The hit is not a JSON object"),
        RejectReason.MissingNameOrUrl => new(422, "MISSING_NAME_OR_URL", "A hit needs a name or a url"),
        RejectReason.InvalidField => new(422, "INVALID_FIELD", "The value is of the wrong type, or has control characters"),
        RejectReason.FieldTooLong => new(422, "FIELD_TOO_LONG", "The value is longer than its limit"),
        RejectReason.InvalidName => new(422, "INVALID_NAME", "The name must have 1 to 120 characters, not only spaces"),
        RejectReason.InvalidUrl => new(422, "INVALID_URL", "The url and the referrer must be absolute and start with http:// or https://; "
            + "a url may also be a path"),
        RejectReason.InvalidTimestamp => new(422, "INVALID_TIMESTAMP", "The timestamp must be in ISO 8601 with a time zone, such as "
            + "2026-11-24T10:00:00Z"),
        RejectReason.TimestampInFuture => new(422, "TIMESTAMP_IN_FUTURE", "The timestamp is in the future"),
        RejectReason.TimestampTooOld => new(422, "TIMESTAMP_TOO_OLD", "The timestamp is more than 24 hours old; import older hits with "
            + "footfall import"),
        RejectReason.InvalidAge => new(422, "INVALID_AGE", "The age must be whole milliseconds from 0 to 86,400,000, and can't be "
            + "combined with a timestamp"),
        RejectReason.InvalidValue => new(422, "INVALID_VALUE", "Values, prices and quantities must be numbers from 0 to 999,999,999,999"),
        RejectReason.InvalidCurrency => new(422, "INVALID_CURRENCY", "The currency must be an ISO 4217 code, such as EUR"),
        RejectReason.InvalidItems =>
            new(422, "INVALID_ITEMS", "The items must be an array of objects, each with an item_id or an item_name"),
        RejectReason.TooManyItems => new(422, "TOO_MANY_ITEMS", "A hit may have at most 200 items"),
        RejectReason.InvalidProps => new(422, "INVALID_PROPS", "The props must be an object of at most 30 strings, numbers or booleans, "
            + "each with a unique name"),
        RejectReason.HitTooLarge => new(413, "HIT_TOO_LARGE", "A hit may have at most 65,536 bytes"),
        RejectReason.TooManyHits => new(413, "TOO_MANY_HITS", "A request may have at most 50,000 hits"),
        RejectReason.PayloadTooLarge => new(413, "PAYLOAD_TOO_LARGE", "The body is larger than this server accepts"),
        RejectReason.UnsupportedMediaType =>
            new(415, "UNSUPPORTED_MEDIA_TYPE", "The Content-Type must be application/json, application/x-ndjson or text/plain"),
        RejectReason.UnsupportedEncoding => new(415, "UNSUPPORTED_ENCODING", "The Content-Encoding must be gzip or br"),
        RejectReason.MalformedBody => new(400, "MALFORMED_BODY", "The body could not be read"),
        RejectReason.TooManyRequests => new(429, "TOO_MANY_REQUESTS", "Too many requests. Please try again later."),
        RejectReason.Busy => new(503, "BUSY", "The server is handling too many large requests; nothing was counted. Send it again in a "
            + "moment."),
        RejectReason.JournalFull => new(503, "JOURNAL_FULL", "Too many hits are waiting for the disk; nothing was counted. Send it again "
            + "in a moment."),
        RejectReason.JournalUnavailable => new(503, "JOURNAL_UNAVAILABLE", "The hit could not be stored; nothing was counted. Send it "
            + "again in a moment."),
        RejectReason.JournalUncertain => new(503, "JOURNAL_UNCERTAIN", "The journal did not confirm the hit in time: it may or may not be "
            + "counted. Send it again with the same key, and it is counted once."),
        RejectReason.JournalUnreadable => new(503, "JOURNAL_UNREADABLE", "The counts can't be read right now. Try again in a moment."),
        RejectReason.ShuttingDown => new(503, "SHUTTING_DOWN", "The server is stopping; nothing was counted. Send it again in a moment."),
        RejectReason.NotReady => new(503, "NOT_READY", "The journal can't commit right now: hits are rejected until the disk accepts them "
            + "again"),
        RejectReason.InvalidQuery => new(400, "INVALID_QUERY", "The query is invalid; the error says what is wrong with it"),
        RejectReason.QueryQueueFull => new(503, "QUERY_QUEUE_FULL", "Too many queries are waiting. Try again in a moment."),
        RejectReason.QueryTimeout => new(503, "QUERY_TIMEOUT", "The query took too long and was stopped. Choose a shorter period, or "
            + "query less."),
        RejectReason.HistoryUnavailable => new(503, "HISTORY_UNAVAILABLE", "The history can't be read right now. Hits are still counted; "
            + "try again in a moment."),
        RejectReason.TooManyExports => new(503, "TOO_MANY_EXPORTS", "Too many exports are running. Try again when one has finished."),
        RejectReason.ExportFailed => new(503, "EXPORT_FAILED", "The file could not be created; the log says why. Try again in a moment."),
        RejectReason.NotFound => new(404, "NOT_FOUND", "There is nothing at this path; /api/v1/docs lists all paths"),
        RejectReason.MethodNotAllowed => new(405, "METHOD_NOT_ALLOWED", "This path does not support this method; the Allow header lists "
            + "those it supports"),
        RejectReason.RequestTimeout => new(408, "REQUEST_TIMEOUT", "The body arrived too slowly"),
        RejectReason.BadRequest => new(400, "BAD_REQUEST", "The request is invalid"),
        RejectReason.InternalError => new(500, "INTERNAL_ERROR", "Something went wrong in the server; its log has the details"),
        _ => throw new InvalidOperationException($"{reason} has no description."),
    };
}
