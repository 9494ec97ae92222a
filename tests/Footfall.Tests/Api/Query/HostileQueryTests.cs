using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Footfall.Tests.Api.Query;

/// <summary>Whatever is sent, the response is rows or an error message, never a failure.</summary>
public sealed class HostileQueryTests
{
    private static readonly string[] Whole =
    [
        """{"site_id":"dummy.site","metrics":["visitors","conversion_rate"],"date_range":"7d","dimensions":["time","visit:""" +
        """country_name"],"filters":[["is","event:goal",["a"]],["or",[["contains","event:page",["b"],{"case_sensitive":false}],["not",""" +
        """["matches","visit:country",["^D"]]]]],["has_done",["is","item:id",["1"]]]],"order_by":[["visitors","desc"]],"include":""" +
        """{"time_labels":true,"total_rows":true,"imports":true,"comparisons":{"mode":"custom","date_range":["2024-01-01","2024-01-07"]""" +
        ""","match_day_of_week":true}},"pagination":{"limit":3,"offset":0}}""",
        """{"site_id":"berlin.example","date_range":["2024-09-01T00:00:00+02:00","2024-09-02T00:00:00Z"],"funnel":{"steps":""" +
        """["view_item",["is","event:name",["purchase"]]]},"dimensions":["visit:region"],"filters":[["is","visit:city",[12]]]}""",
    ];

    private static readonly string[] Pieces =
    [
        "null", "[]", "{}", "\"\"", "0", "-1", "1e999", "true", "\"time\"", "\"all\"", "\"9999999999999999999d\"",
        "[\"9000-01-01\",\"9000-01-01\"]", "[\"1970-01-02\",\"9000-01-01\"]", "[null,null]", "[[]]",
        "[[\"is\"]]", "[\"\\u0000\",\"\\u0000\"]", "\"\\ud800\"", "\"(a*)*b\"",
        "[[\"matches\",\"visit:country_name\",[\"(a{1000}){1000}\"]]]", "{\"mode\":[]}", "\"event:props:\\u0000\"",
        "[\"event:props:'; DROP TABLE hits; --\"]",
        "\"2024-09-10T25:00:00Z\"", "[\"-0001-01-01T00:00:00Z\",\"2024-01-01T00:00:00Z\"]", "\"ZZ\"", "9223372036854775808",
    ];

    [Fact]
    public async Task A_query_with_any_part_replaced_is_answered_or_refused()
    {
        await using var app = QueryApp.Start();
        var (answered, refused) = (0, 0);
        foreach (var whole in Whole)
            foreach (var path in Paths(JsonNode.Parse(whole)!, []).ToList())
                foreach (var piece in Pieces)
                {
                    var (status, body) = await app.SendAsync(Replace(whole, path, piece));
                    Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest,
                        $"{Replace(whole, path, piece)}\n{body.ToJsonString()}");
                    if (status == HttpStatusCode.OK) answered++;
                    else refused++;
                    if (status == HttpStatusCode.BadRequest) Assert.Equal("INVALID_QUERY", (string?)body["code"]);
                }
        Assert.True(answered > 100 && refused > 1_000, $"{answered} answered, {refused} refused");
    }

    [Fact]
    public async Task Bytes_of_any_kind_are_refused()
    {
        await using var app = QueryApp.Start();
        var bodies = Gen.OneOf(Gen.Byte.Array[1, 60], Gen.OneOf("{", "}", "[", "]", "\"site_id\"", ":", ",", "\"", "\\u", "7d",
            "\uFEFF").Array[1, 12].Select(parts => System.Text.Encoding.UTF8.GetBytes(string.Concat(parts))));
        await bodies.SampleAsync(async body =>
        {
            using var response =
                await app.App.Http.PostAsync("/api/v1/query", new ByteArrayContent(body), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }, iter: 300, threads: 1);
    }

    /// <summary>Every path in a document, by its keys.</summary>
    private static IEnumerable<object[]> Paths(JsonNode node, object[] path)
    {
        if (path.Length > 0) yield return path;
        var inner = node switch
        {
            JsonObject map => map.Select(pair => ((object)pair.Key, pair.Value)),
            JsonArray list => list.Select((value, i) => ((object)i, value)),
            _ => [],
        };
        foreach (var (key, value) in inner)
            if (value is not null) foreach (var deeper in Paths(value, [.. path, key])) yield return deeper;
    }

    /// <summary>The fragment as text: no library would write some of them.</summary>
    private static string Replace(string whole, object[] path, string piece)
    {
        const string Mark = "here it goes";
        var root = JsonNode.Parse(whole)!;
        var parent = path[..^1].Aggregate(root, (node, key) => key is int i ? node[i]! : node[(string)key]!);
        if (path[^1] is int place) parent[place] = Mark;
        else parent[(string)path[^1]] = Mark;
        return root.ToJsonString(new JsonSerializerOptions()).Replace($"\"{Mark}\"", piece, StringComparison.Ordinal);
    }
}
