using System.Text;
using Footfall.Common;

namespace Footfall.Tests.Ingest;

/// <summary>Every reason that the two endpoints can give, with its status and code.</summary>
public sealed class RejectReasonTests
{
    /// <summary>Returned by other features, and tested there.</summary>
    private static readonly RejectReason[] Elsewhere =
    [
        RejectReason.None, RejectReason.TooManyRequests, RejectReason.Busy, RejectReason.JournalFull, RejectReason.JournalUnavailable,
        RejectReason.JournalUncertain,
        RejectReason.JournalUnreadable, RejectReason.ShuttingDown,
        RejectReason.InvalidQuery, RejectReason.QueryQueueFull, RejectReason.QueryTimeout, RejectReason.HistoryUnavailable,
        RejectReason.TooManyExports, RejectReason.ExportFailed,
        RejectReason.NotReady, RejectReason.NotFound, RejectReason.MethodNotAllowed, RejectReason.RequestTimeout, RejectReason.BadRequest,
        RejectReason.InternalError,
    ];

    /// <param name="Status">Of the request; 202 if only the hit is rejected.</param>
    private sealed record Case(int Status, string Code, Func<FootfallApp, Task<ApiResponse>> Send, params (string, string)[] Settings);

    private static readonly Dictionary<RejectReason, Case> Cases = new()
    {
        [RejectReason.MissingCountryCode] = new(422, "MISSING_COUNTRY_CODE", app => app.PostVisitAsync("")),
        [RejectReason.InvalidCountryCodeFormat] = new(403, "INVALID_COUNTRY_CODE_FORMAT", app => app.PostVisitAsync("?countryCode=usa")),
        [RejectReason.UnknownCountryCode] = new(422, "UNKNOWN_COUNTRY_CODE", app => app.PostVisitAsync("?countryCode=zz")),
        [RejectReason.InvalidSite] = new(422, "INVALID_SITE", app => app.PostVisitAsync("?countryCode=us&site=a_b!")),
        [RejectReason.UnknownSite] =
            new(422, "UNKNOWN_SITE", app => app.PostVisitAsync("?countryCode=us&site=other.example"), ("Sites:0:Domain", "shop.example")),
        [RejectReason.TooManySites] = new(422, "TOO_MANY_SITES", TooManySitesAsync, ("NewSitesPerDay", "1000")),
        [RejectReason.TooManyNewSites] = new(422, "TOO_MANY_NEW_SITES", TooManyNewSitesAsync, ("NewSitesPerDay", "3")),
        [RejectReason.InvalidKey] = new(422, "INVALID_KEY", app => app.PostVisitAsync("?countryCode=us", key: "two words")),
        [RejectReason.MalformedJson] = new(400, "MALFORMED_JSON", app => app.PostEventsAsync("{")),
        [RejectReason.MissingNameOrUrl] = new(202, "MISSING_NAME_OR_URL", app => app.PostEventsAsync("{}")),
        [RejectReason.InvalidField] = new(202, "INVALID_FIELD", app => app.PostEventsAsync("""{"url":["/"]}""")),
        [RejectReason.FieldTooLong] = new(202, "FIELD_TOO_LONG", app => app.PostEventsAsync($$"""{"url":"/{{new string('a', 2048)}}"}""")),
        [RejectReason.InvalidName] = new(202, "INVALID_NAME", app => app.PostEventsAsync("""{"name":"  "}""")),
        [RejectReason.InvalidUrl] = new(202, "INVALID_URL", app => app.PostEventsAsync("""{"url":"shop.example/"}""")),
        [RejectReason.InvalidTimestamp] =
            new(202, "INVALID_TIMESTAMP", app => app.PostEventsAsync("""{"name":"visit","timestamp":"yesterday"}""")),
        [RejectReason.TimestampInFuture] =
            new(202, "TIMESTAMP_IN_FUTURE", app => app.PostEventsAsync("""{"name":"visit","timestamp":"2999-01-01T00:00:00Z"}""")),
        [RejectReason.TimestampTooOld] =
            new(202, "TIMESTAMP_TOO_OLD", app => app.PostEventsAsync("""{"name":"visit","timestamp":"2019-01-01T00:00:00Z"}""")),
        [RejectReason.InvalidAge] = new(202, "INVALID_AGE", app => app.PostEventsAsync("""{"name":"visit","age":-1}""")),
        [RejectReason.InvalidValue] = new(202, "INVALID_VALUE", app => app.PostEventsAsync("""{"name":"purchase","value":-1}""")),
        [RejectReason.InvalidCurrency] =
            new(202, "INVALID_CURRENCY", app => app.PostEventsAsync("""{"name":"purchase","currency":"EURO"}""")),
        [RejectReason.InvalidItems] =
            new(202, "INVALID_ITEMS", app => app.PostEventsAsync("""{"name":"purchase","items":[{"price":1}]}""")),
        [RejectReason.TooManyItems] = new(202, "TOO_MANY_ITEMS", app => app.PostEventsAsync(
            $$"""{"name":"purchase","items":[{{string.Join(',', Enumerable.Repeat("""{"item_id":"1"}""", 201))}}]}""")),
        [RejectReason.InvalidProps] = new(202, "INVALID_PROPS", app => app.PostEventsAsync("""{"name":"visit","props":{"a":{}}}""")),
        [RejectReason.HitTooLarge] =
            new(202, "HIT_TOO_LARGE", app => app.PostEventsAsync($$"""{"name":"visit","more":"{{new string('a', 65_536)}}"}""")),
        [RejectReason.TooManyHits] = new(413, "TOO_MANY_HITS", app => app.PostEventsAsync(
            string.Concat(Enumerable.Repeat("{\"name\":\"visit\"}\n", 50_001)), PostExtensions.NdJson)),
        [RejectReason.PayloadTooLarge] =
            new(413, "PAYLOAD_TOO_LARGE", app => app.PostEventsAsync(new string(' ', 1025)), ("MaxEventsBytes", "1024")),
        [RejectReason.UnsupportedMediaType] =
            new(415, "UNSUPPORTED_MEDIA_TYPE", app => app.PostEventsAsync("{}", "application/x-www-form-urlencoded")),
        [RejectReason.UnsupportedEncoding] =
            new(415, "UNSUPPORTED_ENCODING", app => app.PostEventsAsync("{}"u8.ToArray(), encoding: "deflate")),
        [RejectReason.MalformedBody] = new(400, "MALFORMED_BODY", app => app.PostEventsAsync("")),
    };

    public static TheoryData<string> Reasons => [.. Cases.Keys.Select(reason => reason.ToString())];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Each_reason_has_its_status_and_code_and_counts_nothing(string reason)
    {
        var expected = Cases[Enum.Parse<RejectReason>(reason)];
        await using var app = FootfallApp.Start(expected.Settings);
        var answer = await expected.Send(app);
        if (expected.Status == 202) answer.AssertBatch(accepted: 0, duplicates: 0, (0, expected.Code));
        else answer.AssertRejected((HttpStatusCode)expected.Status, expected.Code);
        Assert.Empty(await app.StatsAsync());
    }

    [Fact]
    public void Every_reason_has_a_case_here_or_belongs_to_another_station() =>
        Assert.Equal(Enum.GetValues<RejectReason>().Order(), Cases.Keys.Concat(Elsewhere).Order());

    [Fact]
    public void Every_reason_has_a_code_and_a_sentence_of_its_own()
    {
        var all = Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.None).Select(Rejections.Get).ToList();
        Assert.Equal(all.Count, all.DistinctBy(rejection => rejection.Code).Count());
        Assert.Equal(all.Count, all.DistinctBy(rejection => rejection.Error).Count());
        Assert.All(all, rejection => Assert.Matches("^[A-Z][A-Z0-9_]+$", rejection.Code));
    }

    private static async Task<ApiResponse> TooManySitesAsync(FootfallApp app)
    {
        var hits = new StringBuilder();
        for (var i = 0; i < SiteRegistry.MaxSites; i++)
            hits.Append($$"""{"name":"visit","country":"us","site":"shop-{{i}}.example"}""").Append('\n');
        (await app.PostEventsAsync(hits.ToString(), PostExtensions.NdJson)).AssertBatch(accepted: SiteRegistry.MaxSites);
        Assert.Equal(HttpStatusCode.Created, (await app.PostVisitAsync("?countryCode=us&site=shop-7.example")).Status);
        return await app.PostVisitAsync("?countryCode=us&site=one-more.example");
    }

    private static async Task<ApiResponse> TooManyNewSitesAsync(FootfallApp app)
    {
        var hits = string.Concat(Enumerable.Range(0, 5)
            .Select(i => $$"""{"name":"visit","country":"us","site":"shop-{{i}}.example"}""" + "\n"));
        (await app.PostEventsAsync(hits, PostExtensions.NdJson)).AssertBatch(accepted: 3, duplicates: 0, (3, "TOO_MANY_NEW_SITES"),
            (4, "TOO_MANY_NEW_SITES"));
        Assert.Equal(HttpStatusCode.Created, (await app.PostVisitAsync("?countryCode=us&site=shop-2.example")).Status);
        return await app.PostVisitAsync("?countryCode=us&site=one-more.example");
    }
}
