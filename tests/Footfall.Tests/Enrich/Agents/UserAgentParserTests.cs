using Footfall.Common;
using Footfall.Enrich;
using Footfall.Enrich.Agents;
using MessagePack;

namespace Footfall.Tests.Enrich.Agents;

public sealed class UserAgentParserTests
{
    /// <summary>Of today's browsers: User-Agent, browser, its version, system, its version, device.</summary>
    public static TheoryData<string, string> Known => new()
    {
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "Chrome 131.0, Windows 10, Desktop" },
        { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
            "Safari 18.1, Mac 10.15, Desktop" },
        { "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox 132.0, GNU/Linux, Desktop" },
        { "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox 132.0, Ubuntu, Desktop" },
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 " +
            "Edg/131.0.2903.48", "Microsoft Edge 131.0, Windows 10, Desktop" },
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0",
            "Opera 115.0, Windows 10, Desktop" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 " +
            "Safari/604.1", "Safari 18.1, iOS 18.1, Mobile" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 " +
            "Mobile/15E148 Safari/604.1", "Chrome 131.0, iOS 18.1, Mobile" },
        { "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
            "Safari 17.7, iOS 17.7, Tablet" },
        { "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
            "Chrome 131.0, Android 10, Mobile" },
        { "Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "Chrome 131.0, Android 14, Tablet" },
        { "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile " +
            "Safari/537.36", "Samsung Browser 27.0, Android 14, Mobile" },
        { "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "Firefox 132.0, Android 14, Mobile" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;" +
            "FBAV/480.0.0.0;FBBV/1]", "Facebook 480.0, iOS 17.6, Mobile" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
            "Mobile App, iOS 17.6, Mobile" },
        { "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "Chrome 131.0, Chrome OS 14541.0, Desktop" },
        { "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer 11.0, Windows 10, Desktop" },
        { "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; Tablet PC 2.0)", "Internet Explorer 9.0, Windows 7, Desktop" },
        { "Mozilla/5.0 (PlayStation; PlayStation 5/6.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15",
            "Safari 15.4, Console" },
        { "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.5359.211 Safari/537.36 WebAppManager",
            "Chrome 108.0, webOS, TV" },
        { "curl/8.5.0", "" },
        { "my shop's backend", "" },
        { "secret-name-of-somebody/7 CFNetwork/1568 Darwin/24.1.0", "Mobile App, iOS, " },
    };

    public static readonly string[] Real = [.. Known.Select(row => row.Data.Item1)];

    [Theory]
    [MemberData(nameof(Known))]
    public void A_User_Agent_is_described_as_people_call_it(string userAgent, string expected)
    {
        var agents = new UserAgentParser(ReferenceFilesTests.Files(ReferenceFiles.DefaultDirectory));
        // Twice: the second result comes from the cache.
        for (var i = 0; i < 2; i++) Assert.Equal(expected.TrimEnd(' ', ','), Describe(agents.Parse(userAgent)));
    }

    [Fact]
    public void Without_the_patterns_all_is_unknown()
    {
        var agents = new UserAgentParser(ReferenceFilesTests.Files("/nowhere"));
        Assert.All(Real, agent => Assert.Equal(0, agents.Parse(agent).Count));
    }

    [Fact]
    public void What_was_seen_lately_allocates_nothing()
    {
        var agents = new UserAgentParser(ReferenceFilesTests.Files(ReferenceFiles.DefaultDirectory));
        foreach (var agent in Real) agents.Parse(agent);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            foreach (var agent in Real) agents.Parse(agent);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
    }

    [Fact]
    public void No_text_of_a_User_Agent_is_kept_that_is_not_in_the_patterns()
    {
        var agents = new UserAgentParser(ReferenceFilesTests.Files(ReferenceFiles.DefaultDirectory));
        var known = File.ReadAllText(Path.Combine(ReferenceFiles.DefaultDirectory, "agents.txt"));
        foreach (var agent in AgentCases.Read("test_ua.yaml").Concat(AgentCases.Read("test_os.yaml")).Select(one => one.UserAgent))
        {
            foreach (var (field, text) in Read(agents.Parse(agent)))
            {
                if (field is DetailField.BrowserVersion or DetailField.OsVersion) Assert.All(text.Split('.'), part =>
                    Assert.True(part.Length <= 8 && part.All(char.IsAsciiDigit) || known.Contains(part, StringComparison.Ordinal), agent));
                else Assert.True(text.Length <= 40, $"{text} of {agent}");
            }
        }
    }

    private static string Describe(EncodedFields fields)
    {
        var read = Read(fields);
        string Text(DetailField field) => read.GetValueOrDefault(field, "");
        return string.Join(", ", new[] { $"{Text(DetailField.Browser)} {Text(DetailField.BrowserVersion)}".Trim(),
            $"{Text(DetailField.Os)} {Text(DetailField.OsVersion)}".Trim(), Text(DetailField.Device) }.Where(part => part.Length > 0));
    }

    private static Dictionary<DetailField, string> Read(EncodedFields fields)
    {
        var reader = new MessagePackReader(fields.Bytes);
        var read = new Dictionary<DetailField, string>();
        for (var i = 0; i < fields.Count; i++) read.Add((DetailField)reader.ReadInt32(), reader.ReadString()!);
        Assert.True(reader.End);
        return read;
    }
}
