using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Footfall.Enrich;

namespace Footfall.Tests.Enrich;

public sealed partial class BotDetectorTests
{
    private static readonly string[] People =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 " +
        "Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; CUBOT P80) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
    ];

    private static readonly string[] Robots =
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
        "curl/8.7.1", "Wget/1.21.4", "python-requests/2.32.3", "GPTBOT", "facebookexternalhit/1.1",
    ];

    [Fact]
    public void Bots_are_distinguished_from_people()
    {
        var bots = new BotDetector(ReferenceFilesTests.Files(ReferenceFiles.DefaultDirectory));
        // Twice: the second result comes from the cache.
        for (var i = 0; i < 2; i++)
        {
            Assert.All(Robots, agent => Assert.True(bots.IsBot(agent), agent));
            Assert.All(People, agent => Assert.False(bots.IsBot(agent), agent));
            Assert.False(bots.IsBot(""));
            Assert.False(bots.IsBot(null));
        }
    }

    [Fact]
    public void Without_the_list_no_one_is_a_bot()
    {
        var bots = new BotDetector(ReferenceFilesTests.Files("/nowhere"));
        Assert.All(Robots, agent => Assert.False(bots.IsBot(agent)));
    }

    [Fact]
    public void Any_text_is_answered_and_answered_alike_from_the_cache()
    {
        var bots = new BotDetector(ReferenceFilesTests.Files(ReferenceFiles.DefaultDirectory));
        var patterns = BotPatterns.Load(Path.Combine(ReferenceFiles.DefaultDirectory, "bots.txt"));
        Gen.OneOf(Gen.String, Gen.String[Gen.Char.AlphaNumeric, 0, 5_000], Gen.Select(Gen.OneOf<string>([.. People, .. Robots]), Gen.String,
            Gen.Int[0, 20], (agent, noise, place) => agent.Insert(Math.Min(place, agent.Length), noise)))
            .Sample(agent => Assert.Equal(agent.Length > 0 && patterns.IsMatch(agent), bots.IsBot(agent) && bots.IsBot(agent)), iter: 300);
    }

    [Fact]
    public void A_known_answer_allocates_nothing()
    {
        var bots = new BotDetector(ReferenceFilesTests.Files(ReferenceFiles.DefaultDirectory));
        foreach (var agent in People) bots.IsBot(agent);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            foreach (var agent in People) bots.IsBot(agent);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    /// <summary>
    /// Compares with the library itself, if Node.js and the real User-Agents are available, also with non-ASCII letters inserted.
    /// </summary>
    [Fact]
    public async Task The_answers_are_those_of_isbot()
    {
        if (FindWeb() is not { } web) return;
        var agents = Agents().ToArray();
        var expected = await AskIsbotAsync(web, agents);
        if (expected is null) return;
        var bots = new BotDetector(ReferenceFilesTests.Files(ReferenceFiles.DefaultDirectory));
        Assert.DoesNotContain(agents.Zip(expected), pair => bots.IsBot(pair.First) != pair.Second);
        Assert.Contains(true, expected);
        Assert.Contains(false, expected);
    }

    private static IEnumerable<string> Agents()
    {
        List<string> agents = [.. People, .. Robots];
        if (SharedTestData.Find("access-2015.log") is { } log)
            agents.AddRange(File.ReadLines(log).Select(line => LastQuoted().Match(line).Groups[1].Value));
        foreach (var name in (string[])["agents/test_ua.yaml", "agents/test_os.yaml"])
        {
            if (SharedTestData.Find(name) is { } yaml)
                agents.AddRange(File.ReadLines(yaml).Select(line => UserAgentString().Match(line).Groups[1].Value.Trim('\'', '"')));
        }
        var known = agents.Where(agent => agent.Length > 0).Distinct().ToArray();
        return [.. known, .. known.Select((agent, i) => agent.Insert(i * 7 % agent.Length, "éк\u00a0İK٣"[(i % 6)..]))];
    }

    private static async Task<bool[]?> AskIsbotAsync(string web, string[] agents)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = web, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("--input-type=module");
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add("""
            import { isbot } from 'isbot'
            import { text } from 'node:stream/consumers'
            console.log(JSON.stringify(JSON.parse(await text(process.stdin)).map((agent) => isbot(agent))))
            """);
        try
        {
            using var node = Process.Start(start)!;
            var answer = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await node.StandardInput.WriteAsync(JsonSerializer.Serialize(agents));
            node.StandardInput.Close();
            var read = JsonSerializer.Deserialize<bool[]>(await answer);
            await node.WaitForExitAsync(TestContext.Current.CancellationToken);
            return read;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string? FindWeb()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var web = Path.Combine(directory.FullName, "web");
            if (Directory.Exists(Path.Combine(web, "node_modules", "isbot"))) return web;
        }
        return null;
    }

    [GeneratedRegex("\"([^\"]*)\"$")]
    private static partial Regex LastQuoted();

    [GeneratedRegex("^\\s*-?\\s*user_agent_string:\\s*(.*)$")]
    private static partial Regex UserAgentString();
}
