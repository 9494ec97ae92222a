using System.Text;
using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footfall.Tests.Enrich;

/// <summary>What enrichment fills in, seen from outside.</summary>
public sealed class EnrichedHitsTests
{
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
    private const string Robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private const string PageView = """{"url":"https://shop.example/"}""";

    [Fact]
    public async Task A_page_view_counts_for_the_country_of_its_address_and_once_a_visitor()
    {
        await using var app = FootfallApp.Start(("TrustedProxies", "127.0.0.1"));
        await SendAsync(app, Browser, "8.8.8.8");
        await SendAsync(app, Browser, "8.8.8.8");
        await SendAsync(app, Browser, "193.0.6.139");
        await SendAsync(app, Browser, "10.0.0.1");
        Assert.Equal(new() { ["us"] = 1, ["nl"] = 1, ["zz"] = 1 }, await app.StatsAsync());
    }

    [Fact]
    public async Task A_bot_opens_no_visit()
    {
        await using var app = FootfallApp.Start(("TrustedProxies", "127.0.0.1"));
        await SendAsync(app, Robot, "8.8.8.8");
        Assert.Empty(await app.StatsAsync());
    }

    [Fact]
    public async Task A_salt_that_can_not_be_made_is_503_and_works_again_afterwards()
    {
        await using var app = FootfallApp.Start(("TrustedProxies", "127.0.0.1"));
        using (var other = new SqliteConnection($"Data Source={Path.Combine(app.Data, SqliteSaltStore.FileName)};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "ALTER TABLE salts RENAME TO away";
            command.ExecuteNonQuery();
            using var refused = await PostAsync(app, Browser, "8.8.8.8");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Contains("JOURNAL_UNAVAILABLE", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
            command.CommandText = "ALTER TABLE away RENAME TO salts";
            command.ExecuteNonQuery();
        }
        await SendAsync(app, Browser, "8.8.8.8");
        Assert.Equal(new() { ["us"] = 1 }, await app.StatsAsync());
    }

    private static async Task SendAsync(FootfallApp app, string userAgent, string address)
    {
        using var answer = await PostAsync(app, userAgent, address);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(FootfallApp app, string userAgent, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/api/v1/events")
        { Content = new StringContent(PageView, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", address);
        return await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
