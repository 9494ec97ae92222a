namespace Footfall.Tests.Ingest.Stats;

/// <summary><c>Idempotency-Key</c> on the stats API.</summary>
public sealed class IdempotencyKeyTests
{
    [Fact]
    public async Task The_same_key_is_answered_exactly_like_the_first_time_and_counted_once()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("us", 3);
        var first = await app.PostVisitAsync("?countryCode=us", key: "order-1");
        await app.VisitAsync("us", 2);
        var again = await app.PostVisitAsync("?countryCode=us", key: "order-1");
        var other = await app.PostVisitAsync("?countryCode=fr", key: "order-1");
        Assert.Equal(new ApiResponse(HttpStatusCode.Created, """{"us":4}"""), first);
        Assert.Equal(first, again);
        Assert.Equal(first, other);
        Assert.Equal(new Dictionary<string, long> { ["us"] = 6 }, await app.StatsAsync());
    }

    [Fact]
    public async Task Each_site_has_keys_of_its_own()
    {
        await using var app = FootfallApp.Start();
        Assert.Equal("""{"us":1}""", (await app.PostVisitAsync("?countryCode=us", key: "1")).Text);
        Assert.Equal("""{"fr":1}""", (await app.PostVisitAsync("?countryCode=fr&site=shop.example", key: "1")).Text);
        Assert.Equal("""{"fr":1}""", (await app.PostVisitAsync("?countryCode=de&site=SHOP.example", key: "1")).Text);
        Assert.Equal((1, 1, 0), (app.GetVisits("US"), app.GetVisits("FR", "shop.example"), app.GetVisits("DE", "shop.example")));
    }

    [Fact]
    public async Task Keys_are_case_sensitive_and_an_empty_key_is_ignored()
    {
        await using var app = FootfallApp.Start();
        foreach (var key in new[] { "a", "A", "", "" }) await app.PostVisitAsync("?countryCode=us", key);
        Assert.Equal(4, app.GetVisits("US"));
    }

    [Fact]
    public async Task The_same_key_from_many_clients_at_once_counts_once()
    {
        await using var app = FootfallApp.Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(_ => Task.Run(() => app.PostVisitAsync("?countryCode=us", key: "one"))));
        Assert.All(answers, answer => Assert.Equal(new ApiResponse(HttpStatusCode.Created, """{"us":1}"""), answer));
        Assert.Equal(1, app.GetVisits("US"));
    }

    [Fact]
    public async Task A_key_is_no_id_of_an_event()
    {
        await using var app = FootfallApp.Start();
        await app.PostVisitAsync("?countryCode=us", key: "one");
        (await app.PostEventsAsync("""{"name":"visit","country":"us","id":"one"}""")).AssertBatch(accepted: 1);
        Assert.Equal(2, app.GetVisits("US"));
    }

    [Fact]
    public async Task A_key_has_up_to_200_visible_characters()
    {
        await using var app = FootfallApp.Start();
        Assert.Equal(HttpStatusCode.Created, (await app.PostVisitAsync("?countryCode=us", key: new string('k', 200))).Status);
        foreach (var key in new[] { new string('k', 201), "two words", "a\tb" })
            (await app.PostVisitAsync("?countryCode=us", key)).AssertRejected(HttpStatusCode.UnprocessableEntity, "INVALID_KEY");
        Assert.Equal(1, app.GetVisits("US"));
    }
}
