using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Footfall.Tests.History;

/// <summary>What a client does with a server that keeps a history.</summary>
internal static class HistoryClient
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>Posts events, one per line; all must be accepted.</summary>
    public static async Task EventsAsync(this HttpClient http, params IEnumerable<object> events)
    {
        var lines = events.Select(each => each as string ?? JsonSerializer.Serialize(each)).ToList();
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var response = await http.PostAsync("/api/v1/events", content, CancellationToken);
        var body = await response.Content.ReadAsStringAsync(CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, body);
        Assert.EndsWith("\"rejected\":[]}", body, StringComparison.Ordinal);
    }

    /// <summary>Posts visits, each with a text that takes room.</summary>
    public static Task LongVisitsAsync(this HttpClient http, int visits) =>
        http.EventsAsync(Enumerable.Range(0, visits).Select(_ =>
            (object)new { name = "visit", country = "US", props = new { text = Guid.NewGuid().ToString() + new string('x', 150) } }));

    /// <summary>Waits until so many visits are in the history, and never more.</summary>
    public static Task HasVisitsAsync(this HttpClient http, int visits) => Eventually.BecomesAsync(
        async () =>
        {
            var (status, body) = await http.QueryAsync("""{"site_id":"default","metrics":["visits"],"date_range":"all"}""");
            if (status != HttpStatusCode.OK) return false;
            var counted = (int?)body["results"]!.AsArray().FirstOrDefault()?["metrics"]![0] ?? 0;
            Assert.True(counted <= visits, $"{counted} visits of {visits}");
            return counted == visits;
        },
        $"{visits} visits are in the history");

    /// <summary>
    /// The history part of <c>/healthz</c>: <c>state</c>, <c>lag_seconds</c>, <c>lag_commits</c>, and <c>error</c> where it fails.
    /// </summary>
    public static async Task<JsonObject> HistoryAsync(this HttpClient http) =>
        JsonNode.Parse(await http.GetStringAsync("/healthz", CancellationToken))!["history"]!.AsObject();

    /// <summary>Waits until every acknowledged hit is in the history.</summary>
    public static Task CaughtUpAsync(this HttpClient http) => Eventually.BecomesAsync(
        async () => await http.HistoryAsync() is { } history && (string?)history["state"] == "ready" && (long?)history["lag_commits"] == 0,
        "the history has caught up");

    /// <summary>Waits until the history fails, and returns the error message.</summary>
    public static async Task<string> FailsAsync(this HttpClient http)
    {
        var said = "";
        await Eventually.BecomesAsync(async () =>
            (said = (string?)(await http.HistoryAsync())["error"] ?? "").Length > 0, "the history fails");
        return said;
    }

    /// <summary>Sends a query.</summary>
    public static async Task<(HttpStatusCode Status, JsonNode Body)> QueryAsync(this HttpClient http, string query)
    {
        using var content = new StringContent(query, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync("/api/v1/query", content, CancellationToken);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(CancellationToken))!);
    }

    /// <summary>Queries metrics successfully: one row per line, dimensions before metrics, separated by <c>|</c>.</summary>
    /// <param name="metrics">Separated by commas; so are the dimensions.</param>
    /// <param name="range">A period as JSON.</param>
    /// <param name="more">Further keys of the query, with a comma before them.</param>
    public static async Task<string[]> QueryRowsAsync(this HttpClient http, string metrics, string dimensions = "", string site = "default",
        string range = "\"all\"", string more = "")
    {
        var (status, body) = await http.QueryAsync(
            $$"""{"site_id":"{{site}}","metrics":{{List(metrics)}},"dimensions":{{List(dimensions)}},"date_range":{{range}}{{more}}}""");
        Assert.True(status == HttpStatusCode.OK, body.ToJsonString());
        return [.. body["results"]!.AsArray()
            .Select(row => string.Join('|', row!["dimensions"]!.AsArray().Concat(row["metrics"]!.AsArray()).Select(Text)))];
    }

    /// <summary>The value of a metric; 0 where it is not there.</summary>
    public static async Task<double> MetricAsync(this HttpClient http, string name)
    {
        var line = (await http.GetStringAsync("/metrics", CancellationToken)).Split('\n')
            .FirstOrDefault(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    private static string List(string names) => JsonSerializer.Serialize(names.Split(',', StringSplitOptions.RemoveEmptyEntries));

    private static string Text(JsonNode? value) => value switch
    {
        JsonObject money => $"{money["value"]?.ToJsonString()} {money["currency"]}",
        JsonValue text when text.TryGetValue<string>(out var known) => known,
        null => "null",
        _ => value.ToJsonString(),
    };
}
