using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Ingest.Events;

/// <summary>Counted once: <c>id</c> and <c>transaction_id</c>.</summary>
public sealed class EventsDuplicatesTests
{
    private static string Visit(string id, string more = "") => $$"""{"name":"visit","country":"us","id":"{{id}}"{{more}}}""";

    private static string Purchase(string transaction, string more = "") =>
        $$"""{"name":"purchase","country":"us","transaction_id":"{{transaction}}","value":5{{more}}}""";

    [Fact]
    public async Task The_same_id_counts_once_in_one_batch_and_in_the_next()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync($"[{Visit("1")},{Visit("2")},{Visit("1")},{Visit("1")}]")).AssertBatch(accepted: 2, duplicates: 2);
        (await app.PostEventsAsync($"[{Visit("2")},{Visit("3")}]")).AssertBatch(accepted: 1, duplicates: 1);
        Assert.Equal(3, app.GetVisits("US"));
    }

    [Fact]
    public async Task Hits_without_an_id_are_never_duplicates()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync($"[{Visit("")},{Visit("")},{{\"name\":\"visit\"}},{{\"name\":\"visit\",\"id\":null}}]")).AssertBatch(
            accepted: 4);
    }

    [Fact]
    public async Task Each_site_has_ids_of_its_own()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(
            $"[{Visit("1")},{Visit("1", ",\"site\":\"shop.example\"")},{Visit("1", ",\"site\":\"SHOP.example\"")}]")).AssertBatch(
                accepted: 2, duplicates: 1);
        Assert.Equal((1, 1), (app.GetVisits("US"), app.GetVisits("US", "shop.example")));
    }

    [Fact]
    public async Task An_id_is_the_same_however_it_is_escaped_and_as_a_number()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(
            """[{"name":"visit","id":"17"},{"name":"visit","id":"\u00317"},{"name":"visit","id":17}]""")).AssertBatch(accepted: 1,
                duplicates: 2);
    }

    [Fact]
    public async Task A_refused_hit_does_not_use_up_its_id()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(Visit("1", ",\"value\":-1"))).AssertBatch(accepted: 0, duplicates: 0, (0, "INVALID_VALUE"));
        (await app.PostEventsAsync(Visit("1"))).AssertBatch(accepted: 1);
    }

    [Fact]
    public async Task A_purchase_is_known_by_its_transaction_whatever_its_id()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(Purchase("T-1", ",\"id\":\"a\""))).AssertBatch(accepted: 1);
        (await app.PostEventsAsync(Purchase("T-1", ",\"id\":\"b\""))).AssertBatch(accepted: 0, duplicates: 1);
        (await app.PostEventsAsync(Purchase("T-1"))).AssertBatch(accepted: 0, duplicates: 1);
        (await app.PostEventsAsync(Purchase("T-2"))).AssertBatch(accepted: 1);
        (await app.PostEventsAsync(Purchase("T-1", ",\"site\":\"shop.example\""))).AssertBatch(accepted: 1);
    }

    [Fact]
    public async Task A_transaction_repeats_in_other_hits_of_the_same_order()
    {
        await using var app = FootfallApp.Start();
        (await app.PostEventsAsync(Purchase("T-1"))).AssertBatch(accepted: 1);
        (await app.PostEventsAsync(
            """[{"name":"refund","transaction_id":"T-1"},{"name":"refund","transaction_id":"T-1"},{"name":"visit","id":"T-1"}]"""))
            .AssertBatch(accepted: 3);
    }

    [Fact]
    public async Task The_same_id_from_many_clients_at_once_counts_once()
    {
        await using var app = FootfallApp.Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => app.PostEventsAsync(Visit("one")))));
        Assert.Equal((1, 19), (answers.Sum(answer => answer.Accepted), answers.Sum(answer => answer.Duplicates)));
        Assert.Equal(1, app.GetVisits("US"));
    }

    [Fact]
    public async Task An_id_is_remembered_for_24_hours_and_across_a_restart()
    {
        using var data = new TemporaryDirectory();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));
        await using (var app = FootfallApp.Start(time, data)) (await app.PostEventsAsync(Visit("1"))).AssertBatch(accepted: 1);
        time.Advance(TimeSpan.FromHours(23.9));
        await using (var app = FootfallApp.Start(time, data))
            (await app.PostEventsAsync(Visit("1"))).AssertBatch(accepted: 0, duplicates: 1);
    }

    [Fact]
    public async Task The_key_of_a_request_is_that_of_its_hits_without_an_id()
    {
        await using var app = FootfallApp.Start();
        var batch = $"[{Visit("")},{Visit("")},{Visit("1")}]";
        Assert.Contains("\"accepted\":3,\"duplicates\":0", await SendAsync(app, batch, "batch-1"), StringComparison.Ordinal);
        Assert.Contains("\"accepted\":0,\"duplicates\":3", await SendAsync(app, batch, "batch-1"), StringComparison.Ordinal);
        Assert.Contains("\"accepted\":2,\"duplicates\":1", await SendAsync(app, batch, "batch-2"), StringComparison.Ordinal);
        Assert.Contains("INVALID_KEY", await SendAsync(app, batch, "a b"), StringComparison.Ordinal);
        Assert.Equal(5, app.GetVisits("US"));
    }

    private static async Task<string> SendAsync(FootfallApp app, string body, string key)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = new StringContent(body, null, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
