namespace Footfall.Tests.Ingest.Pixel;

public sealed class PixelEndpointTests
{
    [Fact]
    public async Task An_image_of_43_bytes_counts_a_page_view()
    {
        await using var app = FootfallApp.Start();
        using var answer = await GetAsync(app, "?site=shop.example&url=https://shop.example/lamps");
        Assert.Equal((HttpStatusCode.OK, "image/gif"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal("cross-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.False(answer.Headers.Contains("X-Footfall-Error"));
        await IsGifAsync(answer);
        Assert.Equal(1, (await app.StatsAsync("shop.example")).Values.Sum());
    }

    [Fact]
    public async Task Without_a_url_the_page_is_the_one_that_shows_the_image()
    {
        await using var app = FootfallApp.Start();
        using var answer = await GetAsync(app, "?site=shop.example", ("Referer", "https://shop.example/lamps"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, (await app.StatsAsync("shop.example")).Values.Sum());
    }

    [Fact]
    public async Task The_same_id_counts_once()
    {
        await using var app = FootfallApp.Start();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await GetAsync(app, "?url=/a&id=7");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        Assert.Contains("footfall_hits_duplicate_total 1", await app.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 422, "MISSING_NAME_OR_URL")]
    [InlineData("?url=ftp://shop.example/", 422, "INVALID_URL")]
    [InlineData("?url=/&site=no%20domain", 422, "INVALID_SITE")]
    public async Task A_rejection_has_its_status_and_code_and_still_is_an_image(string query, int status, string code)
    {
        await using var app = FootfallApp.Start();
        using var answer = await GetAsync(app, query);
        Assert.Equal((status, code), ((int)answer.StatusCode, Assert.Single(answer.Headers.GetValues("X-Footfall-Error"))));
        await IsGifAsync(answer);
        Assert.Empty(await app.StatsAsync());
        Assert.Contains($"footfall_hits_rejected_total{{reason=\"{code}\"}} 1",
            await app.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bot_is_counted_as_one_and_is_no_visit()
    {
        await using var app = FootfallApp.Start();
        using var answer = await GetAsync(app, "?url=/", ("User-Agent", "Googlebot/2.1 (+http://www.google.com/bot.html)"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await app.StatsAsync());
    }

    private static async Task<HttpResponseMessage> GetAsync(FootfallApp app, string query, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/pixel.gif{query}");
        foreach (var (name, value) in headers) Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task IsGifAsync(HttpResponseMessage answer)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal((43, "GIF89a"), (bytes.Length, System.Text.Encoding.ASCII.GetString(bytes[..6])));
    }
}
