namespace Footfall.Tests.Collect;

public sealed class StatsTests
{
    [Fact]
    public async Task A_visit_is_counted_and_the_new_count_answered()
    {
        await using var app = FootfallApp.Start();
        await app.VisitAsync("us", 41);

        using var answer = await app.Http.PostAsync("/api/v1/stats?countryCode=US", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("""{"us":42}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(42, (await app.StatsAsync())["us"]);
    }
}
