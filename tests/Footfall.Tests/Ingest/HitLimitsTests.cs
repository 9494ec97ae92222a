using Footfall.Ingest;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Ingest;

/// <summary>Each limit, exactly at it and one over.</summary>
public sealed class HitLimitsTests
{
    private const string TooLong = "FIELD_TOO_LONG";

    /// <param name="Over">The code of the hit one over the limit.</param>
    private sealed record Limit(string Name, string At, string Beyond, string Over);

    private static readonly Limit[] Limits =
    [
        Text("id", 200, TooLong),
        Text("transaction_id", 200, TooLong),
        Text("name", 120, "INVALID_NAME"),
        new("name of 4-byte characters", Field("name", Repeat("😀", 120)), Field("name", Repeat("😀", 121)), "INVALID_NAME"),
        new("name of escaped characters", Field("name", Repeat("\\u00fc", 120)), Field("name", Repeat("\\u00fc", 121)), "INVALID_NAME"),
        new("url", Url("url", "https://shop.example/", 2_048), Url("url", "https://shop.example/", 2_049), TooLong),
        new("referrer", Url("referrer", "https://shop.example/", 2_048), Url("referrer", "https://shop.example/", 2_049), TooLong),
        new("site", Field("site", Domain(253)), Field("site", Domain(254)), "INVALID_SITE"),
        new("items", Items(200), Items(201), "TOO_MANY_ITEMS"),
        .. from field in new[] { "item_id", "item_name", "item_category", "item_brand", "item_variant" }
           select new Limit(field, Item(field, Repeat("i", 500)), Item(field, Repeat("i", 501)), TooLong),
        new("props", Props(30), Props(31), "INVALID_PROPS"),
        new("name of a prop", Prop(Repeat("p", 300), "x"), Prop(Repeat("p", 301), "x"), TooLong),
        new("value of a prop", Prop("p", Repeat("x", 2_000)), Prop("p", Repeat("x", 2_001)), TooLong),
        new("multi-byte value of a prop", Prop("p", Repeat("é", 1_000)), Prop("p", Repeat("é", 1_000) + "x"), TooLong),
        new("value", Raw("value", "999999999999"), Raw("value", "999999999999.000001"), "INVALID_VALUE"),
        new("least value", Raw("value", "0"), Raw("value", "-0.01"), "INVALID_VALUE"),
        new("huge value", Raw("value", "9.9e11"), Raw("value", "1e13"), "INVALID_VALUE"),
        new("age", Raw("age", "86400000"), Raw("age", "86400001"), "INVALID_AGE"),
        new("price", Item("price", "999999999999"), Item("price", "1000000000000"), "INVALID_VALUE"),
        new("quantity", Item("quantity", "999999999999"), Item("quantity", "1000000000000"), "INVALID_VALUE"),
        new("hit", Sized(65_536), Sized(65_537), "HIT_TOO_LARGE"),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_at_its_limit_counts_and_one_over_is_refused(bool lines)
    {
        await using var app = FootfallApp.Start();
        var hits = Limits.SelectMany(limit => new[] { limit.At, limit.Beyond }).ToList();
        var answer = await app.PostEventsAsync(
            lines ? string.Join('\n', hits) : $"[{string.Join(',', hits)}]", lines ? PostExtensions.NdJson : "application/json");
        var expected = Limits.Select((limit, i) => (i * 2 + 1, limit.Over));
        Assert.Equal(expected, answer.Rejected);
        Assert.Equal(hits.Count / 2, answer.Accepted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_has_up_to_50000_hits_and_blank_lines_do_not_count(bool lines)
    {
        await using var app = FootfallApp.Start();
        // The smallest that can be separated: rejected ones count too.
        string Body(int hits) => lines ? string.Concat(Enumerable.Repeat("{}\r\n\r\n", hits - 1)) + """{"name":"visit"}"""
            : "[" + string.Concat(Enumerable.Repeat("{},", hits - 1)) + """{"name":"visit"}]""";
        var type = lines ? PostExtensions.NdJson : "application/json";
        Assert.Equal(1, (await app.PostEventsAsync(Body(HitLimits.HitsPerRequest), type)).Accepted);
        (await app.PostEventsAsync(Body(HitLimits.HitsPerRequest + 1), type)).AssertRejected(HttpStatusCode.RequestEntityTooLarge,
            "TOO_MANY_HITS");
    }

    [Fact]
    public async Task Commas_inside_hits_are_no_hits()
    {
        await using var app = FootfallApp.Start();
        var hit = $$"""{"name":"visit","more":[{{string.Join(',', Enumerable.Repeat("[0,0]", 5_000))}}]}""";
        (await app.PostEventsAsync($"[{string.Join(',', Enumerable.Repeat(hit, 20))}]")).AssertBatch(accepted: 20);
    }

    [Fact]
    public async Task A_body_of_1_GB_takes_no_memory_before_it_comes()
    {
        await using var app = FootfallApp.Start(("MaxEventsBytes", $"{1 << 28}"));
        var before = GC.GetTotalAllocatedBytes();
        var requests = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var client = await RawSocketClient.ConnectAsync(app.Address);
            await client.SendAsync(
                $"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {1 << 28}\r\n\r\n{{");
            await client.SendAsync(" ");
            client.Abort();
        }));
        await Task.WhenAll(requests);
        await app.VisitAsync("us");
        Assert.True(GC.GetTotalAllocatedBytes() - before < 1 << 27, "The promised length was allocated.");
    }

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 10, 0, 0, 123, TimeSpan.Zero);

    [Theory]
    [InlineData("2026-11-24T10:00:00.123Z", null)]
    [InlineData("2026-11-24T11:00:00.123+01:00", null)]
    [InlineData("2026-11-24T11:00:00.123\\u002B01:00", null)]
    [InlineData("2026-11-24T00:30:00-09:30", null)]
    [InlineData("2026-11-23T10:00Z", "TIMESTAMP_TOO_OLD")]
    [InlineData("2026-11-24T10:01:00.123Z", null)]
    [InlineData("2026-11-24T10:01:00.1230001Z", "TIMESTAMP_IN_FUTURE")]
    [InlineData("2026-11-24T10:01:00.124Z", "TIMESTAMP_IN_FUTURE")]
    [InlineData("2026-11-23T10:00:00.123Z", null)]
    [InlineData("2026-11-23T10:00:00.1229999Z", "TIMESTAMP_TOO_OLD")]
    [InlineData("2026-11-23T10:00:00.122Z", "TIMESTAMP_TOO_OLD")]
    [InlineData("0001-01-01T00:00:00Z", "TIMESTAMP_TOO_OLD")]
    [InlineData("0001-01-01T00:00:00+14:00", "INVALID_TIMESTAMP")]
    [InlineData("9999-12-31T23:59:59Z", "TIMESTAMP_IN_FUTURE")]
    [InlineData("2026-11-24T10:00:00", "INVALID_TIMESTAMP")]
    [InlineData("2026-11-24T10:00:00z", "INVALID_TIMESTAMP")]
    [InlineData("2026-11-24 10:00:00Z", "INVALID_TIMESTAMP")]
    [InlineData("24.11.2026", "INVALID_TIMESTAMP")]
    [InlineData("", "INVALID_TIMESTAMP")]
    public async Task A_timestamp_lies_at_most_24_hours_back_and_a_minute_ahead(string timestamp, string? code)
    {
        await using var app = FootfallApp.Start(new FakeTimeProvider(Now));
        (await app.PostEventsAsync($$"""{"name":"visit","timestamp":"{{timestamp}}"}""")).AssertBatch(code is null ? 1
            : 0, duplicates: 0, code is null ? [] : [(0, code)]);
    }

    [Theory]
    [InlineData("\"age\":1800000", 1)]
    [InlineData("\"age\":\"1800000\"", 1)]
    [InlineData("\"age\":1800001", 2)]
    [InlineData("\"age\":86400000", 2)]
    [InlineData("\"age\":0", 1)]
    [InlineData("\"age\":null", 1)]
    [InlineData("\"age\":null,\"timestamp\":\"2026-11-24T09:30:00.122Z\"", 2)]
    [InlineData("\"timestamp\":null,\"age\":1800001", 2)]
    public async Task An_age_is_taken_off_the_time_of_the_server(string when, int visits)
    {
        await using var app = FootfallApp.Start(new FakeTimeProvider(Now));
        (await app.PostEventsAsync($$"""[{"url":"/","country":"us",{{when}}},{"url":"/","country":"us"}]""")).AssertBatch(accepted: 2);
        Assert.Equal(visits, (await app.StatsAsync())["us"]);
    }

    [Theory]
    [InlineData("\"age\":-1")]
    [InlineData("\"age\":1.5")]
    [InlineData("\"age\":1e300")]
    [InlineData("\"age\":\"\"")]
    [InlineData("\"age\":\"yesterday\"")]
    [InlineData("\"age\":true")]
    [InlineData("\"age\":[5000]")]
    [InlineData("\"age\":{\"ms\":5000}")]
    [InlineData("\"age\":5000,\"timestamp\":\"2026-11-24T10:00:00Z\"")]
    public async Task What_is_no_age_is_refused_and_so_is_one_beside_a_timestamp(string when)
    {
        await using var app = FootfallApp.Start(new FakeTimeProvider(Now));
        (await app.PostEventsAsync($$"""[{"name":"visit",{{when}}},{"name":"visit"}]""")).AssertBatch(1, duplicates: 0, (0, "INVALID_AGE"));
    }

    private static Limit Text(string field, int length, string code) =>
        new(field, Field(field, Repeat("n", length)), Field(field, Repeat("n", length + 1)), code);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Field(string name, string value) => Raw(name, $"\"{value}\"");

    private static string Raw(string name, string json) =>
        name == "name" ? $"{{\"{name}\":{json}}}" : $$"""{"name":"visit","{{name}}":{{json}}}""";

    private static string Url(string field, string start, int length) => Field(field, start + Repeat("u", length - start.Length));

    private static string Domain(int length) => string.Join('.', Enumerable.Repeat(Repeat("d", 63), 3)) + "." + Repeat("d", length - 192);

    private static string Items(int count) => Raw("items", $"[{string.Join(',', Enumerable.Repeat("{\"item_id\":1}", count))}]");

    private static string Item(string field, string value) =>
        field == "item_id" ? Raw("items", $"[{{\"item_id\":\"{value}\"}}]") : Raw("items", $"[{{\"item_id\":1,\"{field}\":\"{value}\"}}]");

    private static string Props(int count) =>
        Raw("props", $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"p{i}\":{i}"))}}}");

    private static string Prop(string name, string value) => Raw("props", $"{{\"{name}\":\"{value}\"}}");

    private static string Sized(int bytes) => Field("more", Repeat("x", bytes - Field("more", "").Length));
}
