using System.Diagnostics;
using Footfall.Commands;
using Footfall.Commands.Demo;
using Footfall.Tests.History;

namespace Footfall.Tests.Commands.Demo;

public sealed class DemoTests
{
    private const string AtOnce = "1000000";

    [Fact]
    public async Task A_day_is_played_and_each_visit_and_order_is_counted()
    {
        await using var app = FootfallApp.Start();
        var (exitCode, output, _) = await RunAsync("--url", app.Address.ToString(), "--visits", "60", "--speed", AtOnce);
        Assert.Equal(0, exitCode);
        var day = new DemoDay(1, 0, 60).GenerateHits().ToList();
        Assert.Contains($"Done: 60 visits, {day.Count} hits, {day.Count(hit => hit.Name == "purchase")} order", output,
            StringComparison.Ordinal);
        Assert.Equal(60, (await app.StatsAsync("demo.example")).Values.Sum());
    }

    [Fact]
    public async Task The_day_that_passed_is_counted_at_once_at_its_own_hours()
    {
        await using var app = FootfallApp.Start(null, null, ("History:Enabled", "true"));
        var (exitCode, output, _) = await RunAsync("--url", app.Address.ToString(), "--visits", "300", "--past");
        Assert.Equal(0, exitCode);
        var visits = (await app.StatsAsync("demo.example")).Values.Sum();
        Assert.InRange(visits, 250, 300);
        Assert.Contains($"Done: {visits} visits", output, StringComparison.Ordinal);
        await app.Http.CaughtUpAsync();
        // Some of the least awake hours may have no visit.
        Assert.InRange((await app.Http.QueryRowsAsync("visits", "time:hour", "demo.example")).Length, 18, 25);
    }

    [Fact]
    public void The_same_seed_makes_the_same_day_and_another_one_another()
    {
        static List<string> Day(int seed) =>
            [.. new DemoDay(seed, 9, 200).GenerateHits().Select(hit => $"{hit.Offset} {hit.Visit} {hit.Name} {hit.Path} {hit.Visitor}")];
        Assert.Equal(Day(7), Day(7));
        Assert.NotEqual(Day(7), Day(8));
    }

    [Fact]
    public void A_day_is_like_that_of_a_shop()
    {
        var hits = new DemoDay(1, 0, 20_000).GenerateHits().ToList();
        Assert.Equal(hits.Select(hit => hit.Offset).Order(), hits.Select(hit => hit.Offset));
        int Count(string name) => hits.Count(hit => hit.Name == name);
        Assert.Equal(20_000, hits.Count(hit => hit.IsFirst));
        Assert.InRange(hits.Count / 20_000.0, 2, 8);
        Assert.InRange(Count("purchase") / 20_000.0, 0.01, 0.1);
        Assert.True(Count("view_item") > Count("add_to_cart") && Count("add_to_cart") > Count("begin_checkout")
            && Count("begin_checkout") > Count("purchase"));
        var countries = hits.Where(hit => hit.IsFirst).CountBy(hit => hit.Visitor.Country.Code).OrderByDescending(pair => pair.Value)
            .ToList();
        Assert.True(countries.Count > 50);
        Assert.Equal("US", countries[0].Key);
        // Each visitor has a browser of its own: nearly all visits would be one otherwise.
        Assert.True(hits.Where(hit => hit.IsFirst).Select(hit => hit.Visitor.UserAgent).Distinct().Count() > 15_000);
        // At 3:00 UTC it is noon in Tokyo and night in Berlin.
        Assert.True(At("JP", 3) > At("JP", 18) * 3);
        Assert.True(At("DE", 18) > At("DE", 3) * 3);

        int At(string country, int hour) =>
            hits.Count(hit => hit.IsFirst && hit.Visitor.Country.Code == country && (int)hit.Offset.TotalHours == hour);
    }

    [Fact]
    public async Task A_busy_server_is_waited_for_and_nothing_counts_twice()
    {
        // A queue of one: most hits are rejected at first.
        await using var app = FootfallApp.Start(("QueueLimit", "1"));
        var (exitCode, output, _) = await RunAsync("--url", app.Address.ToString(), "--visits", "20", "--speed", AtOnce);
        Assert.Equal(0, exitCode);
        Assert.Contains("Done: 20 visits", output, StringComparison.Ordinal);
        Assert.Equal(20, (await app.StatsAsync("demo.example")).Values.Sum());
    }

    [Fact]
    public async Task Without_a_server_it_reports_an_error()
    {
        var (exitCode, _, errors) = await RunAsync("--url", "http://127.0.0.1:1");
        Assert.Equal(1, exitCode);
        Assert.Contains("There is no server at http://127.0.0.1:1/", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_site_is_reported()
    {
        await using var app = FootfallApp.Start(("Sites:0:Domain", "shop.example"));
        var (exitCode, _, errors) = await RunAsync("--url", app.Address.ToString(), "--speed", AtOnce);
        Assert.Equal(1, exitCode);
        Assert.Contains("rejects the hits of demo.example", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--url", "localhost")]
    [InlineData("--site", "a b")]
    [InlineData("--speed", "0")]
    [InlineData("--speed", "fast")]
    [InlineData("--visits", "0")]
    [InlineData("--visits", "many")]
    public async Task A_wrong_option_is_reported_with_a_message(string option, string value)
    {
        var (exitCode, _, errors) = await RunAsync(option, value);
        Assert.Equal(1, exitCode);
        Assert.Contains($"{option} is \"{value}\", but must be", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_ends_it_with_what_was_counted()
    {
        await using var app = FootfallApp.Start();
        var start = new ProcessStartInfo("dotnet", [FootfallProcess.Program, "demo", "--url", app.Address.ToString(), "--speed", "100",
            "--visits", "100000"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var stop = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        await Eventually.BecomesAsync(async () => (await app.StatsAsync("demo.example")).Count > 0, "visits are counted");
        using var kill = Process.Start("bash", ["-c", $"kill -TERM {process.Id}"]);
        await process.WaitForExitAsync(stop);
        Assert.Equal(130, process.ExitCode);
        Assert.Matches(@"Stopped: [\d,]+ visits?, [\d,]+ hits?, ", await output);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] options)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLineApp.RunAsync(["demo", .. options], output, errors);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
