using System.Text.RegularExpressions;
using Footfall.Common;
using Footfall.Enrich.Sources;

namespace Footfall.Tests.Enrich.Sources;

public sealed partial class KnownSourcesTests
{
    [Theory]
    [InlineData("google.com", "Google", 1)]
    [InlineData("google.de", "Google", 1)]
    [InlineData("google.co.uk", "Google", 1)]
    [InlineData("google.com.au", "Google", 1)]
    [InlineData("news.google.fr", "Google News", 1)]
    [InlineData("de.search.yahoo.com", "Yahoo!", 1)]
    [InlineData("duckduckgo.com", "DuckDuckGo", 1)]
    [InlineData("facebook.com", "Facebook", 2)]
    [InlineData("l.facebook.com", "Facebook", 2)]
    [InlineData("old.reddit.com", "Reddit", 2)]
    [InlineData("t.co", "Twitter", 2)]
    [InlineData("news.ycombinator.com", "Hacker News", 2)]
    [InlineData("m.youtube.com", "YouTube", 3)]
    [InlineData("smile.amazon.co.uk", "Amazon", 4)]
    [InlineData("ebay.de", "eBay", 4)]
    [InlineData("chatgpt.com", "ChatGPT", 5)]
    [InlineData("gemini.google.com", "Gemini", 5)]
    [InlineData("perplexity.ai", "Perplexity", 5)]
    [InlineData("semalt.com", "", 6)]
    [InlineData("42.semalt.com", "", 6)]
    public void A_host_is_known_by_its_list(string host, string name, int kind)
    {
        var source = KnownSources.FindByHost(host);
        Assert.Equal((name, (SourceKind)kind), (source!.Name, source.Kind));
    }

    [Theory]
    [InlineData("mail.google.com")]
    [InlineData("notgoogle.com")]
    [InlineData("google.example")]
    [InlineData("facebook.com.example")]
    [InlineData("myfacebook.com")]
    [InlineData("ycombinator.com")]
    [InlineData("de")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("..de")]
    [InlineData("[::1]")]
    public void A_host_on_no_list_is_not_known(string host) => Assert.Null(KnownSources.FindByHost(host));

    [Theory]
    [InlineData("google", "Google")]
    [InlineData("GOOGLE", "Google")]
    [InlineData("adwords", "Google")]
    [InlineData("fb", "Facebook")]
    [InlineData("Hacker News", "Hacker News")]
    [InlineData("chatgpt.com", "ChatGPT")]
    [InlineData("www.bing.com", "Bing")]
    [InlineData("orange", null)]
    [InlineData("newsletter", null)]
    [InlineData("semalt.com", null)]
    public void What_is_written_into_a_link_is_known_by_name_alias_or_host(string tag, string? name) =>
        Assert.Equal(name, KnownSources.FindByTag(tag)?.Name);

    [Fact]
    public void The_lists_are_well_formed()
    {
        foreach (var list in (string[])["ai-assistants.txt", "social-networks.txt", "search-engines.txt", "video-sites.txt",
            "shopping-sites.txt"])
            Assert.All(EmbeddedResources.ReadLines(list), line => Assert.Matches(HostAndName(), line));
        Assert.All(EmbeddedResources.ReadLines("referrer-spam.txt"), line => Assert.Matches(Host(), line));
        // A truncated list would go unnoticed otherwise.
        Assert.InRange(EmbeddedResources.ReadLines("referrer-spam.txt").Count(), 2_000, 10_000);
        Assert.InRange(EmbeddedResources.ReadLines("search-engines.txt").Count(), 500, 5_000);
        foreach (var line in EmbeddedResources.ReadLines("click-ids.txt")) Assert.NotNull(KnownSources.FindByTag(line.Split('\t')[1]));
    }

    [Fact]
    public void A_look_up_allocates_nothing()
    {
        KnownSources.FindByHost("google.com");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            KnownSources.FindByHost("google.co.uk");
            KnownSources.FindByHost("a.b.news.example");
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    [GeneratedRegex(@"^(\{\}\.)?[a-z0-9\u00a1-\uffff_-]+(\.[a-z0-9\u00a1-\uffff_-]+)*(\.\{\})?\t\S.*$")]
    private static partial Regex HostAndName();

    [GeneratedRegex(@"^[a-z0-9_-]+(\.[a-z0-9_-]+)+$")]
    private static partial Regex Host();
}
