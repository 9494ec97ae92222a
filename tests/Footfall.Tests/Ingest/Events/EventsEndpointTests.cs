using System.Text;

namespace Footfall.Tests.Ingest.Events;

/// <summary>The requests and responses of <c>POST /events</c>.</summary>
public sealed class EventsEndpointTests
{
    private const string Visit = """{"name":"visit","country":"us"}""";

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON;charset=utf-8")]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/ndjson")]
    [InlineData("application/jsonl")]
    [InlineData(null)]
    public async Task One_hit_is_counted(string? type)
    {
        await using var app = FootfallApp.Start();
        var answer = await app.PostEventsAsync(Visit, type);
        Assert.Equal(new ApiResponse(HttpStatusCode.Accepted, """{"accepted":1,"duplicates":0,"rejected":[]}"""), answer);
        Assert.Equal(1, app.GetVisits("US"));
    }

    [Theory]
    [InlineData("application/json", $"[{Visit},{Visit},{Visit}]")]
    [InlineData("application/json", $" [ {Visit} ,\r\n {Visit}\t,{Visit} ] \n")]
    [InlineData("text/plain", $"[{Visit},{Visit},{Visit}]")]
    [InlineData("text/plain", $"{Visit}\n{Visit}\n{Visit}")]
    [InlineData(null, $"{Visit}\n{Visit}\n{Visit}\n")]
    [InlineData("application/x-ndjson", $"{Visit}\n{Visit}\n{Visit}")]
    [InlineData("application/x-ndjson", $"\r\n{Visit}\r\n\r\n  \t\r\n{Visit}\r\n {Visit} \r\n\r\n")]
    public async Task Several_hits_are_counted(string? type, string body)
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(body, type)).AssertBatch(accepted: 3);
        Assert.Equal(3, app.GetVisits("US"));
    }

    [Theory]
    [InlineData("application/json", "{\n  \"name\": \"visit\",\n  \"props\": {\n    \"a\": 1\n  }\n}\n")]
    [InlineData("text/plain", "\n{\r\n\"name\": \"visit\",\r\n\"items\": [\r\n  {\r\n\"item_id\": 1\r\n  }\r\n]\r\n}\r\n")]
    [InlineData("application/json", "[\n  {\n    \"name\": \"visit\"\n  }\n]")]
    public async Task A_hit_may_be_printed_over_several_lines(string type, string body)
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(body, type)).AssertBatch(accepted: 1);
    }

    [Theory]
    [InlineData("application/json", Visit)]
    [InlineData("application/json", $"[{Visit}]")]
    [InlineData("application/x-ndjson", $"{Visit}\n")]
    [InlineData("text/plain", Visit)]
    public async Task A_byte_order_mark_is_passed_over(string type, string body)
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync("\uFEFF" + body, type)).AssertBatch(accepted: 1);
    }

    [Fact]
    public async Task An_empty_array_is_a_batch_of_none()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(" [ ] ")).AssertBatch(accepted: 0);
    }

    [Theory]
    [InlineData("application/json", "", "MALFORMED_BODY")]
    [InlineData("application/x-ndjson", " \r\n\t\r\n", "MALFORMED_BODY")]
    [InlineData("text/plain", "\uFEFF", "MALFORMED_BODY")]
    [InlineData("application/json", "nonsense", "MALFORMED_JSON")]
    [InlineData("application/json", "1", "MALFORMED_JSON")]
    [InlineData("application/json", "null", "MALFORMED_JSON")]
    [InlineData("application/json", "{\"name\":\"visit\"", "MALFORMED_JSON")]
    [InlineData("application/json", "{\"name\":\"visit\"}}", "MALFORMED_JSON")]
    [InlineData("application/json", "{'name':'visit'}", "MALFORMED_JSON")]
    [InlineData("application/json", "{\"name\":\"visit\",}", "MALFORMED_JSON")]
    [InlineData("application/json", "{\"name\":\"\\ud800\"}", "MALFORMED_JSON")]
    [InlineData("application/json", "[", "MALFORMED_JSON")]
    [InlineData("application/json", "[nonsense]", "MALFORMED_JSON")]
    [InlineData("application/json", "[[]]", "MALFORMED_JSON")]
    [InlineData("application/x-ndjson", "nonsense\nnonsense\n", "MALFORMED_JSON")]
    [InlineData("application/x-ndjson", $"[{Visit}]", "MALFORMED_JSON")]
    public async Task What_can_not_be_read_at_all_is_answered_400(string type, string body, string code)
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(body, type)).AssertRejected(HttpStatusCode.BadRequest, code);
        Assert.Empty(await app.StatsAsync());
    }

    [Theory]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json2")]
    [InlineData("text/html")]
    public async Task Other_types_are_refused(string type)
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(Visit, type)).AssertRejected(HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Theory]
    [InlineData(new byte[] { 0xC1, 0xB6 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 10 })]
    public async Task A_hit_that_is_not_UTF_8_or_has_a_bare_control_character_is_no_JSON(byte[] bytes)
    {
        await using var app = FootfallApp.Start();
        byte[] body = [.. "[{\"name\":\"visit\"},{\"name\":\"v"u8, .. bytes, .. "\"}]"u8];
        (await app.PostEventsAsync(body)).AssertBatch(accepted: 1, duplicates: 0, (1, "MALFORMED_JSON"));
    }

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(30_000, false)]
    public async Task Depth_is_bounded(int depth, bool read)
    {
        await using var app = FootfallApp.Start();
        var body = $$"""{"name":"visit","more":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        foreach (var lines in new[] { true, false })
        {
            var answer = await app.PostEventsAsync(lines ? $"{Visit}\n{body}\n" : $"[{Visit},{body}]", lines ? PostExtensions.NdJson
                : "application/json");
            answer.AssertBatch(read ? 2 : 1, duplicates: 0, read ? [] : [(1, "MALFORMED_JSON")]);
        }
    }

    [Fact]
    public async Task One_bad_hit_is_refused_with_its_index_and_the_rest_count()
    {
        await using var app = FootfallApp.Start();
        string[] hits = [Visit, "{", """{"name":"visit","country":"zz"}""", "", """{"url":"ftp://shop.example/"}""", "[]", Visit];
        var answer = await app.PostEventsAsync(string.Join('\n', hits), PostExtensions.NdJson);
        answer.AssertBatch(accepted: 2, duplicates: 0, (1, "MALFORMED_JSON"), (2, "UNKNOWN_COUNTRY_CODE"), (4, "INVALID_URL"),
            (5, "MALFORMED_JSON"));
        Assert.Contains("""{"index":4,"code":"INVALID_URL","error":"url: """, answer.Text);
        Assert.Equal(2, app.GetVisits("US"));
    }

    [Fact]
    public async Task In_an_array_too_and_where_the_array_breaks_what_came_before_counts()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync($"[{Visit}, 1, null, \"x\", [], {{}}, {Visit}]"))
            .AssertBatch(accepted: 2, duplicates: 0, (1, "MALFORMED_JSON"), (2, "MALFORMED_JSON"), (3, "MALFORMED_JSON"),
                (4, "MALFORMED_JSON"), (5, "MISSING_NAME_OR_URL"));
        (await app.PostEventsAsync($"[{Visit}, {Visit} {Visit}]")).AssertBatch(accepted: 2, duplicates: 0, (2, "MALFORMED_JSON"));
        (await app.PostEventsAsync($"[{Visit},]")).AssertBatch(accepted: 1, duplicates: 0, (1, "MALFORMED_JSON"));
        (await app.PostEventsAsync($"[{Visit}")).AssertBatch(accepted: 1, duplicates: 0, (1, "MALFORMED_JSON"));
        (await app.PostEventsAsync($"[{Visit}] more")).AssertBatch(accepted: 1, duplicates: 0, (1, "MALFORMED_JSON"));
        Assert.Equal(7, app.GetVisits("US"));
    }

    [Fact]
    public async Task The_first_1000_refused_hits_are_named_and_the_rest_counted()
    {
        await using var app = FootfallApp.Start();
        var answer = await app.PostEventsAsync(Visit + "\n" + string.Concat(Enumerable.Repeat("{}\n", 1_001)), PostExtensions.NdJson);
        Assert.Equal(1, answer.Accepted);
        Assert.Equal(1_000, answer.Rejected.Count());
        Assert.Equal(1, answer.Json.GetProperty("rejected_more").GetInt32());
    }

    [Fact]
    public async Task Hits_of_several_sites_and_countries_are_counted_each_by_its_own()
    {
        await using var app = FootfallApp.Start();
        var body = new StringBuilder();
        for (var i = 0; i < 90; i++)
        {
            var site = (i % 3) switch { 0 => "", 1 => ",\"site\":\"shop.example\"", _ => ",\"site\":\"OTHER.example\"" };
            body.Append($$"""{"name":"visit","country":"{{(i % 2 == 0 ? "de" : "UK")}}"{{site}}}""").Append('\n');
        }
        (await app.PostEventsAsync(body.ToString(), PostExtensions.NdJson)).AssertBatch(accepted: 90);
        foreach (var site in new[] { "default", "shop.example", "other.example" })
            Assert.Equal((15, 15), (app.GetVisits("DE", site), app.GetVisits("GB", site)));
    }

    [Theory]
    [InlineData("", "ZZ")]
    [InlineData(",\"country\":null", "ZZ")]
    [InlineData(",\"country\":\"\"", "ZZ")]
    [InlineData(",\"country\":\"uK\"", "GB")]
    [InlineData(",\"country\":\"xk\"", "XK")]
    [InlineData(",\"c\\u006funtry\":\"\\u0064e\"", "DE")]
    [InlineData(",\"country\":\"us\",\"country\":\"fr\"", "FR")]
    public async Task The_country_is_the_one_named_or_that_of_the_address(string country, string counted)
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync($$"""{"name":"visit"{{country}}}""")).AssertBatch(accepted: 1);
        Assert.Equal(1, app.GetVisits(counted));
    }

    [Fact]
    public async Task The_address_decides_where_callers_are_not_believed()
    {
        await using var app = FootfallApp.Start(("AcceptCountry", "false"));
        (await app.PostEventsAsync(Visit)).AssertBatch(accepted: 1);
        Assert.Equal((0, 1), (app.GetVisits("US"), app.GetVisits("ZZ")));
    }

    [Theory]
    [InlineData("""{"url":{"name":"visit","url":"/"},"name":"visit"}""", "INVALID_FIELD")]
    [InlineData("""{"name":["visit"],"url":"/"}""", "INVALID_FIELD")]
    [InlineData("""{"name":true,"url":"/"}""", "INVALID_FIELD")]
    [InlineData("""{"name":"a\u0000b"}""", "INVALID_FIELD")]
    [InlineData("""{"name":"a\nb"}""", "INVALID_FIELD")]
    [InlineData("""{"name":"visit","value":{"value":1}}""", "INVALID_VALUE")]
    [InlineData("""{"name":"visit","value":[1,[2]]}""", "INVALID_VALUE")]
    [InlineData("""{"name":"visit","value":""}""", "INVALID_VALUE")]
    [InlineData("""{"name":"visit","value":"1,000"}""", "INVALID_VALUE")]
    [InlineData("""{"name":"visit","value":1e400}""", "INVALID_VALUE")]
    [InlineData("""{"name":"visit","value":"NaN"}""", "INVALID_VALUE")]
    [InlineData("""{"name":"visit","value":true}""", "INVALID_VALUE")]
    [InlineData("""{"name":"visit","timestamp":{}}""", "INVALID_TIMESTAMP")]
    [InlineData("""{"name":"visit","timestamp":1700000000}""", "INVALID_TIMESTAMP")]
    [InlineData("""{"name":"visit","timestamp":"2026-11-24"}""", "INVALID_TIMESTAMP")]
    [InlineData("""{"name":"visit","timestamp":"2026-11-24T10:00:00"}""", "INVALID_TIMESTAMP")]
    [InlineData("""{"name":"visit","timestamp":"2026-02-30T10:00:00Z"}""", "INVALID_TIMESTAMP")]
    [InlineData("""{"name":"visit","items":{"item_id":1}}""", "INVALID_ITEMS")]
    [InlineData("""{"name":"visit","items":[1]}""", "INVALID_ITEMS")]
    [InlineData("""{"name":"visit","items":[[{"item_id":1}]]}""", "INVALID_ITEMS")]
    [InlineData("""{"name":"visit","items":[{"item_id":{"item_id":1}}]}""", "INVALID_FIELD")]
    [InlineData("""{"name":"visit","items":[{"item_id":1,"price":-1}]}""", "INVALID_VALUE")]
    [InlineData("""{"name":"visit","items":[{"item_id":1,"quantity":[]}]}""", "INVALID_VALUE")]
    [InlineData("""{"name":"visit","props":[]}""", "INVALID_PROPS")]
    [InlineData("""{"name":"visit","props":"a"}""", "INVALID_PROPS")]
    [InlineData("""{"name":"visit","props":{"":1}}""", "INVALID_PROPS")]
    [InlineData("""{"name":"visit","props":{"a":[1]}}""", "INVALID_PROPS")]
    [InlineData("""{"name":"visit","props":{"a":1,"\u0061":2}}""", "INVALID_PROPS")]
    [InlineData("""{"name":"visit","props":{"a":"\u0000"}}""", "INVALID_PROPS")]
    [InlineData("""{"name":"visit","id":"two words"}""", "INVALID_KEY")]
    [InlineData("""{"name":"visit","currency":"EU"}""", "INVALID_CURRENCY")]
    [InlineData("""{"name":"visit","currency":"XXQ"}""", "INVALID_CURRENCY")]
    [InlineData("""{"name":"visit","currency":"E\u00dcR"}""", "INVALID_CURRENCY")]
    [InlineData("""{"name":"visit","country":"\u00e9"}""", "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("""{"name":"visit","country":"USA"}""", "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("""{"name":"visit","country":"ZZ"}""", "UNKNOWN_COUNTRY_CODE")]
    [InlineData("""{"name":"visit","site":"a b"}""", "INVALID_SITE")]
    [InlineData("""{"name":"visit","site":"https://shop.example/"}""", "INVALID_SITE")]
    [InlineData("""{"name":"visit","url":"//"}""", null)]
    [InlineData("""{"name":"visit","url":"/a b"}""", "INVALID_URL")]
    [InlineData("""{"name":"visit","url":"javascript:alert(1)"}""", "INVALID_URL")]
    [InlineData("""{"name":"visit","url":"https://"}""", "INVALID_URL")]
    [InlineData("""{"name":"visit","url":"https://user@/"}""", "INVALID_URL")]
    [InlineData("""{"name":"visit","referrer":"/path"}""", "INVALID_URL")]
    [InlineData("""{"name":"visit","referrer":"android-app://com.example"}""", "INVALID_URL")]
    [InlineData("""{"name":"visit","timestamp":null,"value":null,"items":null,"props":null,"id":null,"site":null,"currency":null""" +
        ""","referrer":null,"url":null}""", null)]
    [InlineData("""{"name":"visit","items":[],"props":{}}""", null)]
    [InlineData("""{"name":"visit","items":[{"item_name":"a","item_id":null,"price":"1.5","quantity":2,"more":{"a":[{}]}}""" +
        """],"props":{"a":null,"b":true,"c":1.5,"d":"","e":"a\nb"}}""", null)]
    [InlineData("""{"name":"visit","transaction_id":17,"id":17,"value":"59.90","currency":"eur"}""", null)]
    [InlineData("""{"name":"visit","more":{"name":"x","deep":[[[{}]]]},"name2":1}""", null)]
    [InlineData("""{"name":"visit","url":"https:\/\/shop.example\/"}""", null)]
    public async Task A_field_is_taken_or_refused_by_what_it_holds(string hit, string? code)
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(hit)).AssertBatch(code is null ? 1 : 0, duplicates: 0, code is null ? [] : [(0, code)]);
        var keyed = hit.Contains("\"id\":17", StringComparison.Ordinal);
        // Whatever was wrong with it, the hit after it is read.
        (await app.PostEventsAsync($"[{hit},{Visit}]")).AssertBatch(code is null && !keyed ? 2 : 1, keyed ? 1 : 0, code is null ? []
            : [(0, code)]);
    }

    [Fact]
    public async Task Refused_hits_take_no_place_of_a_site()
    {
        await using var app = FootfallApp.Start();
        string[] wrong = ["\"country\":\"zz\"", "\"url\":\"x\"", "\"timestamp\":\"2019-01-01T00:00:00Z\"", "\"id\":\"a b\"", "\"value\":-1",
            "\"props\":1"];
        var hits = wrong.Select((field, i) => $$"""{"name":"visit","site":"shop-{{i}}.example",{{field}}}""");
        Assert.Equal(wrong.Length, (await app.PostEventsAsync(string.Join('\n', hits), PostExtensions.NdJson)).Rejected.Count());
        Assert.Equal(0, app.CountSites());

        var many = string.Join(',', Enumerable.Range(0, 50_001).Select(i => $$"""{"name":"visit","site":"shop-{{i}}.example"}"""));
        (await app.PostEventsAsync($"[{many}]")).AssertRejected(HttpStatusCode.RequestEntityTooLarge, "TOO_MANY_HITS");
        (await app.PostEventsAsync(many.Replace("},", "}\n"), PostExtensions.NdJson)).AssertRejected(HttpStatusCode.RequestEntityTooLarge,
            "TOO_MANY_HITS");
        Assert.Equal(0, app.CountSites());
    }

    [Fact]
    public async Task Each_refused_hit_is_counted_once_in_the_metrics()
    {
        await using var app = FootfallApp.Start();
        await app.PostEventsAsync("{");
        await app.PostEventsAsync($"{Visit}\n{{\n{{}}\n{{}}", PostExtensions.NdJson);
        await app.PostVisitAsync("?countryCode=zz");
        Assert.Equal(2, await app.GetRejectedMetricAsync("MALFORMED_JSON"));
        Assert.Equal(2, await app.GetRejectedMetricAsync("MISSING_NAME_OR_URL"));
        Assert.Equal(1, await app.GetRejectedMetricAsync("UNKNOWN_COUNTRY_CODE"));
    }
}
