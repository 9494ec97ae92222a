using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Footfall.Common;
using Footfall.Journal;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace Footfall.Tests.Ingest;

/// <summary>The response of an endpoint.</summary>
internal sealed record ApiResponse(HttpStatusCode Status, string Text)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The code of an error body; null where there is none.</summary>
    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public int Accepted => Json.GetProperty("accepted").GetInt32();

    public int Duplicates => Json.GetProperty("duplicates").GetInt32();

    /// <summary>Index and code of each rejected hit.</summary>
    public IEnumerable<(int Index, string Code)> Rejected =>
        Json.GetProperty("rejected").EnumerateArray()
            .Select(hit => (hit.GetProperty("index").GetInt32(), hit.GetProperty("code").GetString()!));

    public override string ToString() => $"{(int)Status} {Text}";

    /// <summary>Asserts that all hits of a batch were read.</summary>
    public ApiResponse AssertBatch(int accepted, int duplicates = 0, params (int Index, string Code)[] rejected)
    {
        Assert.True(
            Status == HttpStatusCode.Accepted && (accepted, duplicates) == (Accepted, Duplicates) && rejected.SequenceEqual(Rejected),
            $"expected {accepted} accepted, {duplicates} duplicates, rejected [{string.Join(", ", rejected)}]\nresponse {(int)Status} " +
            $"{Text}");
        return this;
    }

    /// <summary>Asserts that the whole request was rejected, with an error body and nothing else in it.</summary>
    public ApiResponse AssertRejected(HttpStatusCode status, string code)
    {
        Assert.True(Status == status, $"{(int)Status} {Text}");
        Assert.Equal(["error", "code"], Json.EnumerateObject().Select(property => property.Name));
        Assert.True(code == Code, $"expected {code}\nresponse {(int)Status} {Text}");
        Assert.NotEmpty(Json.GetProperty("error").GetString()!);
        return this;
    }
}

internal static class PostExtensions
{
    public const string NdJson = "application/x-ndjson";

    public static async Task<ApiResponse> PostAsync(this FootfallApp app, string path, HttpContent? content = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new ApiResponse(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Posts a bare visit.</summary>
    public static Task<ApiResponse> PostVisitAsync(this FootfallApp app, string query, string? key = null) =>
        key is null ? app.PostAsync($"/api/v1/stats{query}") : app.PostAsync($"/api/v1/stats{query}", null, ("Idempotency-Key", key));

    /// <param name="type">The Content-Type; null for none.</param>
    /// <param name="encoding">The Content-Encoding.</param>
    public static Task<ApiResponse> PostEventsAsync(this FootfallApp app, byte[] body, string? type = "application/json",
        string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        if (type is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null) content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return app.PostAsync("/api/v1/events", content);
    }

    public static Task<ApiResponse> PostEventsAsync(this FootfallApp app, string body, string? type = "application/json") =>
        app.PostEventsAsync(Encoding.UTF8.GetBytes(body), type);

    /// <summary>The counted visits of a site, committed and shown.</summary>
    public static long GetVisits(this FootfallApp app, string country, string site = Site.Default)
    {
        if (!app.Services.GetRequiredService<SiteRegistry>().TryGet(site, out var known)) return 0;
        return app.Services.GetRequiredService<IJournal>().Counters.Find(known)?.Visits(Country.FromStored(country)) ?? 0;
    }

    /// <summary>How many sites are known, the default one not counted.</summary>
    public static int CountSites(this FootfallApp app) => app.Services.GetRequiredService<SiteRegistry>().All.Count() - 1;

    /// <summary>The metric of rejections for one reason.</summary>
    public static async Task<double> GetRejectedMetricAsync(this FootfallApp app, string code)
    {
        using var text = new MemoryStream();
        await app.Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        var line = Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .Single(line => line.StartsWith($"footfall_hits_rejected_total{{reason=\"{code}\"}}", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }
}
