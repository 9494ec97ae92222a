namespace Footfall.Common;

/// <summary>What is said of a <see cref="RejectReason"/>.</summary>
/// <param name="Status">The HTTP status of a request that is refused whole.</param>
/// <param name="Code">The constant of the error body, and the tag of the metric.</param>
/// <param name="Error">The sentence for a person.</param>
internal readonly record struct Rejection(int Status, string Code, string Error);

internal static class Rejections
{
    private static readonly Rejection[] All = [.. Enum.GetValues<RejectReason>().Select(Describe)];

    public static Rejection Get(RejectReason reason) => All[(int)reason];

    /// <summary>The reasons for which the same request may succeed a moment later.</summary>
    public static bool IsTransient(this RejectReason reason) =>
        reason is RejectReason.Busy or RejectReason.JournalFull or RejectReason.JournalUnavailable or RejectReason.JournalUncertain or RejectReason.JournalUnreadable or RejectReason.ShuttingDown or RejectReason.NotReady
            or RejectReason.QueryQueueFull or RejectReason.QueryTimeout or RejectReason.HistoryUnavailable or RejectReason.TooManyExports or RejectReason.ExportFailed;

    private static Rejection Describe(RejectReason reason) => reason switch
    {
        RejectReason.None => new(200, "OK", ""),
        RejectReason.MissingCountryCode => new(422, "MISSING_COUNTRY_CODE", "Country code is required"),
        RejectReason.InvalidCountryCodeFormat => new(403, "INVALID_COUNTRY_CODE_FORMAT", "Invalid country code format: two letters of ISO 3166-1, such as US, are expected"),
        RejectReason.UnknownCountryCode => new(422, "UNKNOWN_COUNTRY_CODE", "Unknown country code: it is not one of ISO 3166-1 alpha-2"),
        RejectReason.InvalidSite => new(422, "INVALID_SITE", "The site must be a domain of at most 253 characters, such as shop.example"),
        RejectReason.UnknownSite => new(422, "UNKNOWN_SITE", "The site is not one of the setting Footfall:Sites"),
        RejectReason.TooManySites => new(422, "TOO_MANY_SITES", $"This server counts {SiteRegistry.MaxSites:N0} sites already; name those it should count in the setting Footfall:Sites"),
        RejectReason.TooManyNewSites => new(422, "TOO_MANY_NEW_SITES", "Too many sites were seen today for the first time; name this one in the setting Footfall:Sites, or try again tomorrow"),
        RejectReason.InvalidKey => new(422, "INVALID_KEY", "The key of a hit (Idempotency-Key, id) must have 1 to 200 visible characters"),
        RejectReason.MalformedJson => new(400, "MALFORMED_JSON", "The hit is not a JSON object"),
        RejectReason.MissingNameOrUrl => new(422, "MISSING_NAME_OR_URL", "A hit needs a name or a url"),
        RejectReason.InvalidField => new(422, "INVALID_FIELD", "The value is of the wrong type, or has control characters"),
        RejectReason.FieldTooLong => new(422, "FIELD_TOO_LONG", "The value is longer than its limit"),
        RejectReason.InvalidName => new(422, "INVALID_NAME", "The name must have 1 to 120 characters, and not spaces alone"),
        RejectReason.InvalidUrl => new(422, "INVALID_URL", "The url and the referrer must be absolute, and begin with http:// or https://; a url may also be a path"),
        RejectReason.InvalidTimestamp => new(422, "INVALID_TIMESTAMP", "The timestamp must be of ISO 8601 with a zone, such as 2026-11-24T10:00:00Z"),
        RejectReason.TimestampInFuture => new(422, "TIMESTAMP_IN_FUTURE", "The timestamp lies in the future"),
        RejectReason.TimestampTooOld => new(422, "TIMESTAMP_TOO_OLD", "The timestamp lies more than 24 hours back; older hits come in through footfall import"),
        RejectReason.InvalidAge => new(422, "INVALID_AGE", "The age must be whole milliseconds from 0 to 86,400,000, and does not go with a timestamp"),
        RejectReason.InvalidValue => new(422, "INVALID_VALUE", "Values, prices and quantities must be numbers from 0 to 999,999,999,999"),
        RejectReason.InvalidCurrency => new(422, "INVALID_CURRENCY", "The currency must be a code of ISO 4217, such as EUR"),
        RejectReason.InvalidItems => new(422, "INVALID_ITEMS", "The items must be an array of objects, each with an item_id or an item_name"),
        RejectReason.TooManyItems => new(422, "TOO_MANY_ITEMS", "A hit may have at most 200 items"),
        RejectReason.InvalidProps => new(422, "INVALID_PROPS", "The props must be an object of at most 30 texts, numbers or truth values, each of a name of its own"),
        RejectReason.HitTooLarge => new(413, "HIT_TOO_LARGE", "A hit may have at most 65,536 bytes"),
        RejectReason.TooManyHits => new(413, "TOO_MANY_HITS", "A request may have at most 50,000 hits"),
        RejectReason.PayloadTooLarge => new(413, "PAYLOAD_TOO_LARGE", "The body is larger than this server accepts"),
        RejectReason.UnsupportedMediaType => new(415, "UNSUPPORTED_MEDIA_TYPE", "The Content-Type must be application/json, application/x-ndjson or text/plain"),
        RejectReason.UnsupportedEncoding => new(415, "UNSUPPORTED_ENCODING", "The Content-Encoding must be gzip or br"),
        RejectReason.MalformedBody => new(400, "MALFORMED_BODY", "The body could not be read"),
        RejectReason.TooManyRequests => new(429, "TOO_MANY_REQUESTS", "Too many requests. Please try again later."),
        RejectReason.Busy => new(503, "BUSY", "The server has too many large requests at the moment; nothing was counted. Send it again in a moment."),
        RejectReason.JournalFull => new(503, "JOURNAL_FULL", "Too many hits wait for the disk; nothing was counted. Send it again in a moment."),
        RejectReason.JournalUnavailable => new(503, "JOURNAL_UNAVAILABLE", "The hit could not be made durable; nothing was counted. Send it again in a moment."),
        RejectReason.JournalUncertain => new(503, "JOURNAL_UNCERTAIN", "The journal did not confirm the hit in time: it may be counted or not. Send it again with the same key, and it counts once."),
        RejectReason.JournalUnreadable => new(503, "JOURNAL_UNREADABLE", "The counts can't be read now. Ask again in a moment."),
        RejectReason.ShuttingDown => new(503, "SHUTTING_DOWN", "The server is stopping; nothing was counted. Send it again in a moment."),
        RejectReason.NotReady => new(503, "NOT_READY", "The journal can't commit now: hits are refused until the disk takes them again"),
        RejectReason.InvalidQuery => new(400, "INVALID_QUERY", "The query can't be answered as it was sent; the sentence says what is wrong with it"),
        RejectReason.QueryQueueFull => new(503, "QUERY_QUEUE_FULL", "Too many queries wait for their turn. Ask again in a moment."),
        RejectReason.QueryTimeout => new(503, "QUERY_TIMEOUT", "The query took too long and was stopped. Ask for a shorter period, or for less."),
        RejectReason.HistoryUnavailable => new(503, "HISTORY_UNAVAILABLE", "The history can't be read now. Hits are counted all the same; ask again in a moment."),
        RejectReason.TooManyExports => new(503, "TOO_MANY_EXPORTS", "As many exports run as may. Ask again when one is done."),
        RejectReason.ExportFailed => new(503, "EXPORT_FAILED", "The file could not be made; the log says why. Ask again in a moment."),
        RejectReason.NotFound => new(404, "NOT_FOUND", "There is nothing at this path; /api/v1/docs lists what there is"),
        RejectReason.MethodNotAllowed => new(405, "METHOD_NOT_ALLOWED", "This path does not take this method; the Allow header names those that it takes"),
        RejectReason.RequestTimeout => new(408, "REQUEST_TIMEOUT", "The body came too slowly"),
        RejectReason.BadRequest => new(400, "BAD_REQUEST", "The request can't be answered as it was sent"),
        RejectReason.InternalError => new(500, "INTERNAL_ERROR", "Something went wrong in the server; it is in its log"),
        _ => throw new InvalidOperationException($"{reason} has no description."),
    };
}
