using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Footfall.Commands;
using Footfall.Enrich;
using Footfall.Import.AccessLog;
using Footfall.Journal.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Footfall.Tests.Import.AccessLog;

/// <summary>A real log, counted a second time by simple code. Without the log there is nothing to test.</summary>
public sealed partial class RealLogTests
{
    private static readonly string? Log = SharedTestData.Find("access-2015.log");

    private static readonly HashSet<string> StaticEndings =
    [
        "png", "css", "ico", "jpg", "js", "txt", "gif", "jar", "ttf", "pdf", "xml", "log", "svg", "xsl", "exe", "gz", "jpeg", "deb", "woff",
        "swf", "doc",
    ];

    private sealed record Expected(long Pages, long Bots, Dictionary<string, long> Visits);

    [Fact]
    public async Task The_real_log_is_counted_as_simple_code_counts_it_and_a_second_import_changes_nothing()
    {
        if (Log is null) return;
        await using var app = FootfallApp.Start();
        var expected = Count(app.Services);
        var import = app.Services.GetRequiredService<AccessLogImporter>();
        var summary = await import.ImportAsync(await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken));
        Assert.Equal((10_000, 1, 8_899), (summary.Lines, summary.Malformed, Assert.Single(summary.FirstMalformed).Line));
        Assert.Equal((expected.Pages, expected.Bots), (summary.Pages, summary.Bots));
        Assert.Equal(10_000, summary.Pages + summary.Malformed + summary.LeftOut.Values.Sum());
        Assert.Equal(expected.Visits.OrderBy(visits => visits.Key), (await app.StatsAsync()).OrderBy(visits => visits.Key));

        var before = await app.StatsAsync();
        Assert.Equal(10_000,
            (await import.ImportAsync(await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken))).KnownLines);
        Assert.Equal(before, await app.StatsAsync());
    }

    [Fact]
    public async Task Half_of_the_real_log_then_a_compressed_copy_then_the_log_itself_count_each_line_once()
    {
        if (Log is null) return;
        using var data = new TemporaryDirectory();
        using var files = new TemporaryDirectory();
        var bytes = await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken);
        var (half, zip) = (Path.Combine(files, "half"), Path.Combine(files, "zip"));
        await File.WriteAllBytesAsync(half, bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);
        await using (var compressed = new GZipStream(File.Create(zip), CompressionLevel.Fastest))
            await compressed.WriteAsync(bytes, TestContext.Current.CancellationToken);
        foreach (var file in new[] { half, half, zip, Log, half, zip })
            Assert.Equal(0, await CommandLineApp.RunAsync(["import", "access-log", file, "-d", data], TextWriter.Null, TextWriter.Null));
        await ShowsWhatIsExpectedAsync(data);
    }

    [Fact]
    public async Task An_import_of_the_real_log_that_is_killed_goes_on_and_counts_each_line_once()
    {
        if (Log is null) return;
        using var data = new TemporaryDirectory();
        var journal = Path.Combine(data, SqliteJournal.FileName);
        var reached = 0L;
        for (var round = 0; round < 3; round++)
        {
            using var doomed = Start(data);
            // Kills as soon as there is progress: in the middle, unless the machine looks away for the rest of the import.
            await Eventually.BecomesAsync(() =>
                Task.FromResult(doomed.HasExited || Reached(journal) > reached), "the import makes progress");
            if (!doomed.HasExited) doomed.Kill();
            await doomed.WaitForExitAsync(TestContext.Current.CancellationToken);
            reached = Reached(journal);
        }
        using (var last = Start(data))
        {
            await last.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, last.ExitCode);
        }
        await ShowsWhatIsExpectedAsync(data);
    }

    private static async Task ShowsWhatIsExpectedAsync(string data)
    {
        await using var app = FootfallApp.Start(null, data);
        Assert.Equal(Count(app.Services).Visits.OrderBy(visits => visits.Key), (await app.StatsAsync()).OrderBy(visits => visits.Key));
    }

    private static Process Start(string data)
    {
        var start = new ProcessStartInfo("dotnet", [FootfallProcess.Program, "import", "access-log", Log!, "--data-directory", data]);
        // Small commits, so that there are many moments to be killed in.
        start.Environment["Footfall__QueueLimit"] = "20";
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static long Reached(string journal)
    {
        try
        {
            return File.Exists(journal) ? SqliteStore.ReadCheckpoints(journal, "access-log default").Select(checkpoint => checkpoint.Length)
                .DefaultIfEmpty().Max() : 0;
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The journal is just being made.
            return 0;
        }
    }

    private static Expected Count(IServiceProvider services)
    {
        var (countries, bots) = (services.GetRequiredService<CountryLookup>(), services.GetRequiredService<BotDetector>());
        var pages = File.ReadLines(Log!).Select(line => Line().Match(line)).Where(IsPage).Select(page => (
            Host: page.Groups[1].Value,
            Time: DateTimeOffset.ParseExact(page.Groups[2].Value, "dd/MMM/yyyy:HH:mm:ss zzz",
                System.Globalization.CultureInfo.InvariantCulture),
            Agent: page.Groups[6].Value == "-" ? "" : page.Groups[6].Value)).ToList();
        var people = pages.Where(page => !bots.IsBot(page.Agent)).ToList();
        var visits = new Dictionary<string, long>();
        foreach (var visitor in people.GroupBy(page => (page.Host, page.Agent, page.Time.UtcDateTime.Date)))
        {
            var last = DateTimeOffset.MinValue;
            var country = countries.Find(IPAddress.Parse(visitor.Key.Host)).Country.LowerCode;
            foreach (var time in visitor.Select(page => page.Time).Order())
            {
                if (time - last > TimeSpan.FromMinutes(30)) visits[country] = visits.GetValueOrDefault(country) + 1;
                last = time;
            }
        }
        return new(pages.Count, pages.Count - people.Count, visits);
    }

    private static bool IsPage(Match line)
    {
        if (!line.Success || line.Groups[3].Value.Split(' ') is not ["GET", var target, ..]) return false;
        if (line.Groups[4].Value is not (['2', ..] or "304")) return false;
        var name = target.Split('?', '#')[0].Split('/')[^1];
        return !name.Contains('.') || !StaticEndings.Contains(name.Split('.')[^1].ToLowerInvariant());
    }

    [GeneratedRegex("""^(\S+) \S+ \S+ \[([^\]]+)\] "([^"]*)" (\d{3}) \S+ "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"$""")]
    private static partial Regex Line();
}
