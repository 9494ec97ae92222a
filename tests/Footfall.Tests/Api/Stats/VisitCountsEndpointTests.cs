using System.IO.Compression;

namespace Footfall.Tests.Api.Stats;

public sealed class VisitCountsEndpointTests
{
    private static readonly string[] Many = ["us", "de", "fr", "gb", "jp", "br", "in", "se", "no", "dk", "fi", "es", "pt", "it", "ch", "at",
        "be", "nl", "pl", "cz", "sk", "hu", "ro", "bg", "gr", "tr", "ua", "ie", "is", "lu", "mt", "cy", "ee", "lv", "lt", "hr", "si", "rs",
        "ba", "mk", "al", "me", "md", "ge", "am", "az", "kz", "uz"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_visit_it_is_an_empty_object()
    {
        await using var app = FootfallApp.Start();
        Assert.Equal("{}", await app.Http.GetStringAsync("/api/v1/stats", Stop));
        Assert.Equal("{}", await app.Http.GetStringAsync("/api/v1/stats?site=never.example", Stop));
    }

    [Fact]
    public async Task The_country_with_most_visits_comes_first()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("fr", 2);
        await app.VisitAsync("us", 3);
        await app.VisitAsync("UK", 2);
        Assert.Equal("""{"us":3,"fr":2,"gb":2}""", await app.Http.GetStringAsync("/api/v1/stats", Stop));
    }

    [Fact]
    public async Task Each_site_has_its_own_counts()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("us");
        await app.VisitAsync("fr", 2, "Shop.Example");
        Assert.Equal("""{"us":1}""", await app.Http.GetStringAsync("/api/v1/stats?site=default", Stop));
        Assert.Equal("""{"fr":2}""", await app.Http.GetStringAsync("/api/v1/stats?site=shop.example", Stop));
    }

    [Fact]
    public async Task A_site_that_is_no_domain_is_refused()
    {
        await using var app = FootfallApp.Start();
        using var response = await app.Http.GetAsync("/api/v1/stats?site=not%20a%20domain", Stop);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("INVALID_SITE", await response.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task A_visit_is_seen_by_the_very_next_request()
    {
        await using var app = FootfallApp.Start();
        for (var visits = 1; visits <= 100; visits++)
        {
            await app.VisitAsync("us");
            Assert.Equal(visits, (await app.StatsAsync())["us"]);
        }
    }

    [Fact]
    public async Task An_unchanged_answer_is_304_and_a_changed_one_is_sent()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("us");
        using var first = await app.Http.GetAsync("/api/v1/stats", Stop);
        var etag = first.Headers.ETag!;
        using (var unchanged = await GetAsync(app, ("If-None-Match", etag.ToString())))
        {
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
            Assert.Equal(etag, unchanged.Headers.ETag);
        }
        await app.VisitAsync("us");
        using var changed = await GetAsync(app, ("If-None-Match", etag.ToString()));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(etag, changed.Headers.ETag);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("br;q=0.1, gzip;q=0.9", "gzip")]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("identity", null)]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *;q=0.5", "gzip")]
    [InlineData("%%%", null)]
    public async Task It_is_compressed_as_the_client_accepts(string accepted, string? encoding)
    {
        await using var app = FootfallApp.Start();
        foreach (var country in Many) await app.VisitAsync(country);
        var plain = await app.Http.GetStringAsync("/api/v1/stats", Stop);
        using var response = await GetAsync(app, ("Accept-Encoding", accepted));
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        await using var unpacked = encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        Assert.Equal(plain, await new StreamReader(unpacked).ReadToEndAsync(Stop));
    }

    private static async Task<HttpResponseMessage> GetAsync(FootfallApp app, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/stats");
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return await app.Http.SendAsync(request, Stop);
    }
}
