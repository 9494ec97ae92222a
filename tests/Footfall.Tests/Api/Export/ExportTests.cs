using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CsvHelper;
using DuckDB.NET.Data;
using Footfall.History.Projection;
using Footfall.History.Schema;
using Footfall.Tests.History.Rebuild;

namespace Footfall.Tests.Api.Export;

/// <summary>A shop that has lived for some days. It takes seconds to make, and no test changes it.</summary>
public sealed class ExportedShop : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();

    private SimulatedShop? _shop;

    internal SimulatedShop Shop => _shop!;

    public async ValueTask InitializeAsync() => _shop = await SimulatedShop.StartAsync(_data, closed: true);

    public async ValueTask DisposeAsync()
    {
        // If the setup failed, report that error.
        if (_shop is not null) await _shop.DisposeAsync();
        _data.Dispose();
    }
}

public sealed class ExportTests(ExportedShop exported) : IClassFixture<ExportedShop>, IDisposable
{
    private readonly TemporaryDirectory _files = new();

    private SimulatedShop Shop => exported.Shop;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Each_format_has_the_same_hits_with_all_that_is_stored()
    {
        var lines = (await TextAsync("what=hits&format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        using var text = new StringReader(await TextAsync("what=hits&format=csv"));
        using var csv = new CsvReader(text, CultureInfo.InvariantCulture);
        await csv.ReadAsync();
        csv.ReadHeader();
        Assert.Equal(lines[0].Select(column => column.Key), csv.HeaderRecord!);
        foreach (var line in lines)
        {
            Assert.True(await csv.ReadAsync());
            foreach (var (name, value) in line) Assert.Equal(value is JsonObject or JsonArray ? value.ToJsonString()
                : value?.ToString() ?? "", Same(csv.GetField(name)!, value));
        }
        Assert.False(await csv.ReadAsync());
        var file = await Shop.ExportAsync(SimulatedShop.Berlin, "parquet", _files);
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        var rows = duck.Query(
            $"SELECT name, strftime(timestamp, '%Y-%m-%dT%H:%M:%S.%gZ'), value::VARCHAR, items::VARCHAR, day::VARCHAR, visit, bot_reason " +
            $"FROM read_parquet('{file}')")
            .Select(row => string.Join('|', Enumerable.Range(0, 7).Select(i => row.IsDBNull(i) ? "" : row.GetValue(i).ToString())))
            .ToList();
        Assert.Equal(lines.Select(line => string.Join('|',
            line["name"], line["timestamp"], line["value"] is { } value
                ? decimal.Parse(value.ToString(), CultureInfo.InvariantCulture).ToString("0.000000", CultureInfo.InvariantCulture) : "",
            line["items"]?.ToJsonString(Relaxed) ?? "", line["day"], line["visit"], line["bot_reason"])), rows);

        var purchase = lines.First(line => (string?)line["name"] == "purchase" && (string?)line["value"] == "1.5");
        Assert.Equal("""[{"item_id":"A","price":"1","quantity":"3"},{"item_id":"B","price":"2","quantity":"1"}]""",
            purchase["items"]!.ToJsonString());
        Assert.Equal(("CHF", "mail"), ((string?)purchase["currency"], (string?)purchase["source"]));
        var signup = lines.First(line => (string?)line["name"] == "signup");
        Assert.Equal("L\nXL", (string?)signup["props"]!["Größe"]);
        Assert.Contains(lines, line =>
            (long)line["kind"]! == StoredHitKind.RepeatedPurchase && (string?)line["name"] == "purchase" && line["value"] is null);
        Assert.Contains(lines, line =>
            (string?)line["bot_reason"] == "user_agent" && (string?)line["page"] == "/robot" && line["visit"] is null);
        Assert.Contains(lines, line => (string?)line["bot_reason"] == "referrer_spam");
        Assert.Contains(lines, line => (string?)line["name"] == "visit" && (string?)line["country"] == "AT");
        Assert.Contains(lines, line => ((string?)line["utm_content"], (string?)line["utm_term"]) == ("=1+x", "'=y"));
        Assert.Contains(",'=1+x,''=y,", await TextAsync("what=hits&format=csv"), StringComparison.Ordinal);
        Assert.DoesNotContain("198.51.100", string.Concat(lines.Select(line => line.ToJsonString())));
    }

    [Fact]
    public async Task A_period_has_its_days_or_its_moments_and_the_parts_are_the_whole()
    {
        var all = await LinesAsync("date_range=all");
        List<string> parts =
            [.. await LinesAsync("date_range=2024-03-29,2024-03-30"), .. await LinesAsync("date_range=2024-03-31,2024-04-01")];
        Assert.Equal(all.Select(Unmarked), parts.Select(Unmarked));
        List<string> halves = [.. await LinesAsync("date_range=2024-03-28T00:00:00Z,2024-03-30T09:00:59Z"),
            .. await LinesAsync("date_range=2024-03-30T09:01:00Z,2024-04-02T00:00:00Z")];
        Assert.Equal(all.Select(Unmarked), halves.Select(Unmarked));
        Assert.All(await LinesAsync("date_range=2024-03-31,2024-03-31"), line =>
            Assert.Equal("2024-03-31", (string?)JsonNode.Parse(line)!["day"]));
        Assert.Empty(await LinesAsync("date_range=2023-01-01,2023-01-31"));
        Assert.NotEmpty(await LinesAsync("date_range=all", SimulatedShop.Other, "visits"));
    }

    [Fact]
    public async Task Visits_and_rollups_add_up_to_the_hits()
    {
        var hits = (await LinesAsync("date_range=2024-03-29,2024-03-31")).Select(line => JsonNode.Parse(line)!)
            .Where(line => line["bot_reason"] is null).ToList();
        var visits = (await LinesAsync("date_range=2024-03-29,2024-03-31", what: "visits")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(hits.Select(hit => (long)hit["visit"]!).Distinct().Order(), visits.Select(visit => (long)visit["visit"]!).Order());
        Assert.Equal(hits.Count, visits.Sum(visit => (long)visit["events"]!));
        Assert.Equal(hits.Count(hit => (string?)hit["name"] == "page_view"), visits.Sum(visit => (long)visit["pageviews"]!));
        var total = (await LinesAsync("date_range=2024-03-29,2024-03-31", what: "rollups")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(visits.Count, total.Where(row => row["country"] is null).Sum(row => (long)row["visits"]!));
        Assert.Equal(visits.Count, total.Where(row => row["country"] is not null).Sum(row => (long)row["visits"]!));
        var revenue = hits.Where(hit => (long)hit["kind"]! == 6)
            .Sum(hit => decimal.Parse((string)hit["value"]!, CultureInfo.InvariantCulture));
        Assert.Equal(revenue, total.Where(row => row["country"] is null && row["money"] is not null)
            .SelectMany(row => row["money"]!.AsArray()).Sum(sum => decimal.Parse((string)sum!["revenue"]!, CultureInfo.InvariantCulture)));
        var pages = (await LinesAsync("date_range=2024-03-29,2024-03-31&dimension=event:page", what: "rollups")).Select(line =>
            JsonNode.Parse(line)!).ToList();
        Assert.Contains(pages, row => (string?)row["value"] == "/late");
        Assert.Equal(await LinesAsync("date_range=all", what: "visits"), await LinesAsync("date_range=all", what: "visits"));
    }

    [Theory]
    [InlineData("site_id=berlin.example&date_range=30d&format=xls", "csv, ndjson, parquet")]
    [InlineData("site_id=berlin.example&date_range=30d&what=all", "hits, visits, rollups")]
    [InlineData("site_id=berlin.example&date_range=soon", "day, 24h, 7d")]
    [InlineData("site_id=berlin.example&date_range=2024-01-02,2024-01-01", "ends before it begins")]
    [InlineData("site_id=berlin.example&date_range=2024-01-02,x", "can't be read")]
    [InlineData("site_id=berlin.example", "date_range")]
    [InlineData("date_range=30d", "site_id")]
    [InlineData("site_id=nobody.example&date_range=30d", "Footfall:Sites")]
    [InlineData("site_id=berlin.example&date_range=30d&what=rollups&dimension=event:goal", "visit:source")]
    [InlineData("site_id=berlin.example&date_range=30d&dimension=visit:source", "what=rollups")]
    [InlineData("site_id=berlin.example&date_range=24h&what=rollups", "whole days")]
    [InlineData("site_id=berlin.example&date_range=30d&limit=3", "site_id, date_range, format, what, dimension")]
    [InlineData("site_id=berlin.example&date_range=30d&date_range=7d", "2 times")]
    public async Task What_can_not_be_answered_is_refused_with_what_is_known(string query, string sentence)
    {
        using var response = await Shop.App.Http.GetAsync($"/api/v1/export?{query}", TestContext.Current.CancellationToken);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_QUERY"), (response.StatusCode, (string?)body["code"]));
        Assert.Contains(sentence, (string?)body["error"]);
    }

    [Theory]
    [InlineData(null, "text/csv", "csv")]
    [InlineData("application/x-ndjson", "application/x-ndjson", "ndjson")]
    [InlineData("text/html, application/vnd.apache.parquet", "application/vnd.apache.parquet", "parquet")]
    [InlineData("*/*", "text/csv", "csv")]
    public async Task Without_a_format_the_client_says_what_it_takes_and_the_file_has_a_name(string? accept, string type, string ending)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Get, "/api/v1/export?site_id=berlin.example&date_range=2024-03-29,2024-03-30");
        if (accept is not null) request.Headers.Add("Accept", accept);
        using var response = await Shop.App.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"berlin.example-hits-2024-03-29-2024-03-30.{ending}", response.Content.Headers.ContentDisposition!.FileName);
    }

    [Fact]
    public async Task Text_is_compressed_as_the_client_accepts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/export?site_id=berlin.example&date_range=all");
        request.Headers.Add("Accept-Encoding", "br");
        using var response = await Shop.App.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
        await using var plain =
            new BrotliStream(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Equal(await TextAsync("format=csv"), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Same(string cell, JsonNode? value) =>
        value is JsonObject or JsonArray ? JsonNode.Parse(cell)!.ToJsonString() : cell.StartsWith('\'') ? cell[1..] : cell;

    private static string Unmarked(string line) => line[..line.IndexOf(",\"snapshot\"", StringComparison.Ordinal)];

    private Task<string> TextAsync(string query) => Shop.App.Http.GetStringAsync(
        $"/api/v1/export?site_id=berlin.example&date_range=all&{query}", TestContext.Current.CancellationToken);

    private async Task<string[]> LinesAsync(string query, string site = SimulatedShop.Berlin, string what = "hits") =>
        (await Shop.App.Http.GetStringAsync($"/api/v1/export?site_id={site}&format=ndjson&what={what}&{query}",
            TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
