namespace Footfall.Tests.Hosting;

public sealed class MetricsEndpointTests
{
    [Theory]
    [InlineData("/metrics")]
    [InlineData("/api/v1/metrics")]
    public async Task The_figures_of_the_process_are_there(string path)
    {
        await using var app = FootfallApp.Start();
        using var answer = await app.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        var names = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n');
        foreach (var name in (string[])["process_resident_memory_bytes", "process_cpu_seconds_total", "process_start_time_seconds",
            "dotnet_collection_count_total{generation=\"2\"}", "footfall_uptime_seconds", "footfall_build_info{version=\"0.1.0\""])
            Assert.Contains(names, line => line.StartsWith(name, StringComparison.Ordinal));
        var resident = double.Parse(names.Single(line => line.StartsWith("process_resident_memory_bytes ", StringComparison.Ordinal))
            .Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(resident > 1_000_000);
    }

    [Theory]
    [InlineData("/METRICS")]
    [InlineData("/metrics/")]
    [InlineData("/%6detrics")]
    [InlineData("/api/v1/Metrics")]
    [InlineData("/api/v1/metrics/?a")]
    public async Task The_figures_are_at_no_other_spelling_of_their_path(string path)
    {
        await using var app = FootfallApp.Start();
        var answer = await RawRequest.SendAsync(app.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_in_one_process_count_apart()
    {
        await using var first = FootfallApp.Start();
        await using var second = FootfallApp.Start();
        (await first.Http.GetAsync("/nothing", TestContext.Current.CancellationToken)).Dispose();

        const string Line = "footfall_requests_refused_total{reason=\"NOT_FOUND\"} 1";
        Assert.Contains(Line, await first.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain(Line, await second.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }
}
