using Footfall.Hosting;

namespace Footfall.Tests.Ingest.Stats;

public sealed class StatsEndpointTests
{
    [Fact]
    public async Task A_visit_is_counted_and_the_new_count_answered()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("us", 41);

        using var answer = await app.Http.PostAsync("/api/v1/stats?countryCode=US", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("""{"us":42}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(42, (await app.StatsAsync())["us"]);
    }

    [Theory]
    [InlineData("us", "us")]
    [InlineData("Us", "us")]
    [InlineData("uk", "gb")]
    [InlineData("UK", "gb")]
    [InlineData("gb", "gb")]
    [InlineData("xk", "xk")]
    [InlineData("%75s", "us")]
    public async Task A_code_is_read_in_either_case_and_UK_as_GB(string code, string counted)
    {
        await using var app = FootfallApp.Start();
        Assert.Equal($$"""{"{{counted}}":1}""", (await app.PostVisitAsync($"?countryCode={code}")).Text);
        Assert.Equal(1, app.GetVisits(counted.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("", HttpStatusCode.UnprocessableEntity, "MISSING_COUNTRY_CODE")]
    [InlineData("?countryCode=", HttpStatusCode.UnprocessableEntity, "MISSING_COUNTRY_CODE")]
    [InlineData("?countrycode=us", HttpStatusCode.UnprocessableEntity, "MISSING_COUNTRY_CODE")]
    [InlineData("?countryCode=u", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=usa", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=u1", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=us%20", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=us+", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=us%00", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=%C5%BFe", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=%EF%BC%B5s", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=%D0%B5s", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=%C1%95s", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=us&countryCode=us", HttpStatusCode.Forbidden, "INVALID_COUNTRY_CODE_FORMAT")]
    [InlineData("?countryCode=zz", HttpStatusCode.UnprocessableEntity, "UNKNOWN_COUNTRY_CODE")]
    [InlineData("?countryCode=xx", HttpStatusCode.UnprocessableEntity, "UNKNOWN_COUNTRY_CODE")]
    [InlineData("?countryCode=eu", HttpStatusCode.UnprocessableEntity, "UNKNOWN_COUNTRY_CODE")]
    public async Task What_is_no_country_is_refused_and_not_counted(string query, HttpStatusCode status, string code)
    {
        await using var app = FootfallApp.Start();
        (await app.PostVisitAsync(query)).AssertRejected(status, code);
        Assert.Empty(await app.StatsAsync());
    }

    [Fact]
    public async Task The_sentences_of_the_original_program_are_kept()
    {
        await using var app = FootfallApp.Start();
        Assert.Equal("""{"error":"Country code is required","code":"MISSING_COUNTRY_CODE"}""", (await app.PostVisitAsync("")).Text);
        Assert.StartsWith("""{"error":"Invalid country code format""", (await app.PostVisitAsync("?countryCode=usa")).Text);
    }

    [Theory]
    [InlineData("SHOP.example", "shop.example")]
    [InlineData("m%C3%BCnchen.example", "xn--mnchen-3ya.example")]
    [InlineData("M%C3%9CNCHEN.example", "xn--mnchen-3ya.example")]
    [InlineData("localhost", "localhost")]
    [InlineData("default", "default")]
    public async Task A_site_is_named_by_its_domain_in_either_case(string named, string site)
    {
        await using var app = FootfallApp.Start();
        Assert.Equal(HttpStatusCode.Created, (await app.PostVisitAsync($"?countryCode=us&site={named}")).Status);
        Assert.Equal("""{"us":2}""", (await app.PostVisitAsync($"?site={named}&countryCode=us")).Text);
        Assert.Equal(2, app.GetVisits("US", site));
    }

    [Theory]
    [InlineData("a%20b")]
    [InlineData("-shop.example")]
    [InlineData("shop..example")]
    [InlineData("shop.example.")]
    [InlineData("https://shop.example")]
    [InlineData("shop.example&site=other.example")]
    [InlineData("shop.example%00")]
    [InlineData("%FF.example")]
    public async Task What_is_no_domain_is_refused(string site)
    {
        await using var app = FootfallApp.Start();
        (await app.PostVisitAsync($"?countryCode=us&site={site}")).AssertRejected(HttpStatusCode.UnprocessableEntity, "INVALID_SITE");
        Assert.Equal(0, app.CountSites());
    }

    [Fact]
    public async Task A_parameter_is_found_when_its_name_is_encoded()
    {
        await using var app = FootfallApp.Start();
        await app.PostVisitAsync("?country%43ode=us&s%69te=shop.example");
        Assert.Equal(1, app.GetVisits("US", "shop.example"));
    }

    [Fact]
    public async Task A_refused_visit_takes_no_place_of_a_site()
    {
        await using var app = FootfallApp.Start();
        (await app.PostVisitAsync("?countryCode=usa&site=a.example")).AssertRejected(HttpStatusCode.Forbidden,
            "INVALID_COUNTRY_CODE_FORMAT");
        (await app.PostVisitAsync("?countryCode=zz&site=b.example")).AssertRejected(HttpStatusCode.UnprocessableEntity,
            "UNKNOWN_COUNTRY_CODE");
        (await app.PostVisitAsync("?countryCode=us&site=c.example", key: "a b")).AssertRejected(HttpStatusCode.UnprocessableEntity,
            "INVALID_KEY");
        Assert.Equal(0, app.CountSites());
    }

    [Fact]
    public async Task The_address_decides_where_callers_are_not_believed()
    {
        await using var app = FootfallApp.Start(("AcceptCountry", "false"));
        Assert.Equal("""{"zz":1}""", (await app.PostVisitAsync("?countryCode=us")).Text);
        Assert.Equal(1, app.GetVisits("ZZ"));
        Assert.Equal(0, app.GetVisits("US"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_is_passed_over_up_to_its_limit(bool chunked)
    {
        await using var app = FootfallApp.Start();
        Assert.Equal(HttpStatusCode.Created,
            (await app.PostAsync("/api/v1/stats?countryCode=us", Body(BodyLimitMiddleware.MaxBytes, chunked))).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync("/api/v1/stats?countryCode=us", Body(0, chunked))).Status);
        (await app.PostAsync("/api/v1/stats?countryCode=us", Body(BodyLimitMiddleware.MaxBytes + 1, chunked))).AssertRejected(
            HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE");
        Assert.Equal(2, app.GetVisits("US"));
    }

    [Fact]
    public async Task A_body_is_passed_over_when_the_client_waits_for_100_Continue()
    {
        await using var app = FootfallApp.Start();
        var answer = await app.PostAsync("/api/v1/stats?countryCode=us", Body(100, chunked: false), ("Expect", "100-continue"));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(1, app.GetVisits("US"));
    }

    private static HttpContent Body(int length, bool chunked)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)'x');
        // A stream of unknown length is sent in chunks.
        return chunked ? new StreamContent(new Unseekable(bytes)) : new ByteArrayContent(bytes);
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    [Fact]
    public async Task A_request_without_a_site_is_for_the_only_shop_of_the_settings()
    {
        await using var app = FootfallApp.Start(("Sites:0:Domain", "shop.example"));
        await app.VisitAsync("us");
        (await app.PostEventsAsync(
            """[{"name":"visit","country":"us"},{"name":"visit","country":"us","site":"shop.example"}]""")).AssertBatch(accepted: 2);
        Assert.Equal(3, (await app.StatsAsync())["us"]);
        Assert.Equal(3, (await app.StatsAsync("shop.example"))["us"]);
        await RefusesDefaultAsync(app);
    }

    [Fact]
    public async Task A_request_without_a_site_is_refused_where_the_settings_name_several()
    {
        await using var app = FootfallApp.Start(("Sites:0:Domain", "shop.example"), ("Sites:1:Domain", "lamps.example"));
        (await app.PostVisitAsync("?countryCode=us")).AssertRejected(HttpStatusCode.UnprocessableEntity, "UNKNOWN_SITE");
        (await app.PostEventsAsync("""[{"name":"visit"},{"name":"visit","site":"lamps.example"},{"name":"visit"}]""")).AssertBatch(1,
            duplicates: 0, (0, "UNKNOWN_SITE"), (2, "UNKNOWN_SITE"));
        await RefusesDefaultAsync(app);
    }

    [Fact]
    public async Task A_request_without_a_site_is_for_the_default_one_where_the_settings_name_it()
    {
        await using var app = FootfallApp.Start(("Sites:0:Domain", "shop.example"), ("Sites:1:Domain", "default"));
        await app.VisitAsync("us");
        await app.VisitAsync("us", site: "default");
        Assert.Equal(2, (await app.StatsAsync())["us"]);
    }

    private static async Task RefusesDefaultAsync(FootfallApp app)
    {
        (await app.PostVisitAsync("?countryCode=us&site=default")).AssertRejected(HttpStatusCode.UnprocessableEntity, "UNKNOWN_SITE");
        (await app.PostEventsAsync(
            """[{"name":"visit","site":"default"},{"name":"visit","site":"other.example"},{"name":"visit","site":"default"}]"""))
            .AssertBatch(0, duplicates: 0, (0, "UNKNOWN_SITE"), (1, "UNKNOWN_SITE"), (2, "UNKNOWN_SITE"));
    }
}
