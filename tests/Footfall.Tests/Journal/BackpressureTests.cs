using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footfall.Tests.Journal;

public sealed class BackpressureTests
{
    [Fact]
    public async Task When_too_much_waits_for_the_disk_a_hit_is_refused_and_what_waited_is_counted()
    {
        using var data = new TemporaryDirectory();
        await using var app = FootfallApp.Start(null, data, ("QueueLimit", "10"));
        await app.VisitAsync("us");
        Task<HttpResponseMessage>[] posts;
        using (var other = new SqliteConnection($"Data Source={Path.Combine(data, SqliteJournal.FileName)};Pooling=False"))
        {
            other.Open();
            using var locking = other.CreateCommand();
            locking.CommandText = "BEGIN IMMEDIATE";
            locking.ExecuteNonQuery();
            posts = [.. Enumerable.Range(0, 60)
                .Select(_ => app.Http.PostAsync("/api/v1/stats?countryCode=us", null, TestContext.Current.CancellationToken))];
            // The store is blocked: all but the hits of the current commit and the ten that may wait are rejected immediately.
            await Eventually.BecomesAsync(() => Task.FromResult(posts.Any(post => post.IsCompleted)), "hits are refused");
            using var refused = await await Task.WhenAny(posts);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("JOURNAL_FULL", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.NotNull(refused.Headers.RetryAfter);
        }
        var responses = await Task.WhenAll(posts);
        Assert.Equal(1 + responses.Count(response => response.StatusCode == HttpStatusCode.Created), (await app.StatsAsync())["us"]);
        Assert.All(responses, response => Assert.True(response.StatusCode is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable));
        Assert.Contains(responses, response => response.StatusCode == HttpStatusCode.Created);
    }
}
