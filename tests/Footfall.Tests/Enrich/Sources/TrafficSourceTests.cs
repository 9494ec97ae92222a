using System.Text;
using CsCheck;
using Footfall.Common;
using Footfall.Enrich.Sources;
using Footfall.Ingest;
using MessagePack;

namespace Footfall.Tests.Enrich.Sources;

public sealed class TrafficSourceTests
{
    private static readonly Site Shop = new(1, "shop.example", TimeZoneInfo.Utc, "EUR");

    [Theory]
    [InlineData("https://shop.example/", "", "Direct")]
    [InlineData("/lamp", "", "Direct")]
    [InlineData("https://shop.example/", "https://www.google.de/", "Google: Organic Search")]
    [InlineData("https://shop.example/", "https://WWW.Google.com:443/", "Google: Organic Search")]
    [InlineData("https://shop.example/", "https://news.ycombinator.com/item", "Hacker News: Organic Social")]
    [InlineData("https://shop.example/", "https://chatgpt.com/", "ChatGPT: AI Assistants")]
    [InlineData("https://shop.example/", "https://www.News.example/a", "news.example: Referral")]
    [InlineData("https://shop.example/", "https://shop.example/cart", "Direct")]
    [InlineData("https://www.shop.example/", "https://shop.example/cart", "Direct")]
    [InlineData("/lamp", "https://www.shop.example/", "Direct")]
    [InlineData("/lamp", "https://checkout.SHOP.example/", "Direct")]
    [InlineData("/lamp", "https://workshop.example/", "workshop.example: Referral")]
    [InlineData("http://localhost:3000/lamp", "http://localhost:3001/", "Direct")]
    [InlineData("/?utm_source=newsletter&utm_medium=email", "https://www.google.com/", "newsletter: Email")]
    [InlineData("/?utm_source=Facebook&utm_medium=paid", "", "Facebook: Paid Social")]
    [InlineData("/?utm_source=+fb+", "", "Facebook: Organic Social")]
    [InlineData("/?source=a&ref=b&utm_source=c", "", "c: Referral")]
    [InlineData("/?ref=b&source=a", "", "a: Referral")]
    [InlineData("/?ref=producthunt", "https://www.google.com/", "producthunt: Referral")]
    [InlineData("/?utm_source=chatgpt.com", "", "ChatGPT: AI Assistants")]
    [InlineData("/?utm_medium=cpc", "https://www.google.com/", "Google: Paid Search")]
    [InlineData("/?utm_source=(direct)&utm_medium=(none)", "", "Direct")]
    [InlineData("/?utm_campaign=cross-network", "", "Cross-network")]
    [InlineData("/?gclid=x", "https://www.google.com/", "Google: Paid Search")]
    [InlineData("/?gclid=x", "", "Google: Paid Search")]
    [InlineData("/?a=1&wbraid=x&b", "", "Google: Paid Search")]
    [InlineData("/?gclid=", "https://www.google.com/", "Google: Organic Search")]
    [InlineData("/?gclid=x", "https://news.example/", "news.example: Paid Other")]
    [InlineData("/?gclid=x&utm_source=google&utm_medium=whatever", "", "Google: Paid Search")]
    [InlineData("/?gclid=x&utm_source=newsletter&utm_medium=email", "", "newsletter: Email")]
    [InlineData("/?msclkid=x", "https://www.bing.com/", "Bing: Paid Search")]
    [InlineData("/?fbclid=x", "", "Facebook: Organic Social")]
    [InlineData("/?fbclid=x", "https://l.instagram.com/", "Instagram: Organic Social")]
    [InlineData("/?fbclid=x&gclid=y", "", "Google: Paid Search")]
    [InlineData("/?ttclid=x", "", "TikTok: Paid Social")]
    [InlineData("/?dclid=x", "https://news.example/", "news.example: Display")]
    [InlineData("/?GCLID=x&page=2", "", "Direct")]
    public void Link_and_referrer_give_source_and_channel(string url, string referrer, string expected) =>
        Assert.Equal(expected, Describe(url, referrer).Text);

    [Theory]
    [InlineData("https://semalt.com/", true)]
    [InlineData("http://17.Semalt.com/x", true)]
    [InlineData("https://www.semalt.com:8080/x", true)]
    [InlineData("https://semalt.com.example/", false)]
    public void Referrer_spam_is_detected(string referrer, bool spam)
    {
        Assert.Equal(spam, Describe("/", referrer).Spam);
        Assert.Equal(spam, Describe("/?utm_source=google", referrer).Spam);
    }

    [Fact]
    public void Any_url_and_referrer_have_a_channel_of_the_list()
    {
        var part = Gen.OneOf(Gen.String[Gen.Char['!', '~'], 0, 30], Gen.String[0, 10],
            Gen.OneOf("www.", "google.", ".de", "[::1]:80", ":", "gclid=1", "utm_source=", "&", "=", "%", "%zz", new string('a', 300)));
        Gen.Select(part.Array[0, 6], part.Array[0, 6]).Sample((query, host) =>
        {
            if (Describe($"/?{string.Concat(query)}", $"https://{string.Concat(host)}") is not { Text: { } text }) return;
            Assert.Contains(ChannelGroupTests.All, channel => text.EndsWith(channel, StringComparison.Ordinal));
        });
    }

    private static (string? Text, bool Spam) Describe(string url, string referrer)
    {
        if (!PageUrl.TryParse(Encoding.UTF8.GetBytes(url), allowPath: true, out var page)
            || !PageUrl.TryParse(Encoding.UTF8.GetBytes(referrer), allowPath: false, out var from)) return default;
        var source = TrafficSource.Resolve(from.Host, page.Host, Shop, page.Query, page.ReadCampaign());
        var written = new System.Buffers.ArrayBufferWriter<byte>();
        var count = HitDetailsWriter.WriteSender(written, EncodedFields.None, EncodedFields.None, default, source, BotReason.None);
        var reader = new MessagePackReader(written.WrittenMemory);
        var fields = new Dictionary<DetailField, string>();
        for (var i = 0; i < count; i++) fields.Add((DetailField)reader.ReadInt32(), reader.ReadString()!);
        var name = fields.GetValueOrDefault(DetailField.Source);
        return (name is null ? fields[DetailField.Channel] : $"{name}: {fields[DetailField.Channel]}", source.IsSpam);
    }
}
