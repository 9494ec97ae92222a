using System.Text.Json.Nodes;
using Footfall.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Footfall.Tests.Api.Query;

/// <summary>The program with a clock and a history of the test's.</summary>
internal sealed class QueryApp : IAsyncDisposable
{
    private QueryApp(FakeTimeProvider time, FootfallApp app, FakeHistory history) => (Time, App, History) = (time, app, history);

    public FakeTimeProvider Time { get; }

    public FootfallApp App { get; }

    public FakeHistory History { get; }

    /// <summary>Starts it at half past one in the afternoon of Tuesday, 10 September 2024, UTC: the day of Plausible's examples.</summary>
    /// <param name="settings">By default <c>dummy.site</c> in UTC is one of four sites.</param>
    public static QueryApp Start(string now = "2024-09-10T13:30:00Z", params (string Name, string Value)[] settings)
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        var history = new FakeHistory();
        var app = FootfallApp.Start(
            services => services.AddSingleton<TimeProvider>(time).AddSingleton<IHistory>(history),
            [
                ("Sites:0:Domain", "dummy.site"),
                ("Sites:1:Domain", "berlin.example"), ("Sites:1:TimeZone", "Europe/Berlin"),
                ("Sites:2:Domain", "santiago.example"), ("Sites:2:TimeZone", "America/Santiago"),
                ("Sites:3:Domain", "kathmandu.example"), ("Sites:3:TimeZone", "Asia/Kathmandu"),
                .. settings,
            ]);
        return new QueryApp(time, app, history);
    }

    public async Task<(HttpStatusCode Status, JsonNode Body)> SendAsync(string query, string path = "/api/v2/query")
    {
        using var content = new StringContent(query, System.Text.Encoding.UTF8, "application/json");
        using var response = await App.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    /// <summary>Sends a query that must succeed.</summary>
    public async Task<JsonNode> QueryAsync(string query)
    {
        var (status, body) = await SendAsync(query);
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        return body;
    }

    /// <summary>Queries visitors, with more keys.</summary>
    /// <param name="more">Such as <c>"date_range":"day"</c>; 7d where it names none.</param>
    public Task<JsonNode> QueryWithAsync(string more, string site = "dummy.site") => QueryAsync(BuildQuery(more, site));

    public static string BuildQuery(string more, string site = "dummy.site")
    {
        var metrics = more.Contains("\"metrics\"") || more.Contains("\"funnel\"") ? "" : "\"metrics\":[\"visitors\"],";
        var range = more.Contains("\"date_range\"") && !more.Contains("\"comparisons\"") ? ""
            : more.StartsWith("\"date_range\"", StringComparison.Ordinal) ? "" : "\"date_range\":\"7d\",";
        return $$"""{"site_id":"{{site}}",{{metrics}}{{range}}{{more}}}""";
    }

    /// <summary>The error message of a rejected query.</summary>
    public async Task<string> RejectedAsync(string query)
    {
        var (status, body) = await SendAsync(query);
        Assert.True(status == HttpStatusCode.BadRequest, body.ToJsonString());
        Assert.Equal("INVALID_QUERY", (string?)body["code"]);
        return (string)body["error"]!;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
