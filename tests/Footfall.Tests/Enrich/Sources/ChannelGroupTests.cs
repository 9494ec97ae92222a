using Footfall.Enrich.Sources;

namespace Footfall.Tests.Enrich.Sources;

public sealed class ChannelGroupTests
{
    public static readonly string[] All =
    [
        "Direct", "Cross-network", "Paid Shopping", "Paid Search", "Paid Social", "Paid Video", "Display", "Paid Other", "Organic Shopping",
        "Organic Social", "Organic Video",
        "Organic Search", "AI Assistants", "Referral", "Email", "Affiliates", "Audio", "SMS", "Mobile Push Notifications",
    ];

    /// <summary>The rules of GA4's table, in its order: https://support.google.com/analytics/answer/9756891.</summary>
    [Theory]
    [InlineData(0, "", "", "", "Direct")]
    [InlineData(0, "", "(none)", "", "Direct")]
    [InlineData(1, "Google", "cpc", "spring cross-network 1", "Cross-network")]
    [InlineData(4, "Amazon", "cpc", "", "Paid Shopping")]
    [InlineData(0, "mail", "ppc", "eshop", "Paid Shopping")]
    [InlineData(0, "mail", "paid_x", "my-shop", "Paid Shopping")]
    [InlineData(0, "mail", "retargeting", "shopping-week", "Paid Shopping")]
    [InlineData(0, "mail", "cpc", "workshop", "Paid Other")]
    [InlineData(1, "Google", "cpc", "", "Paid Search")]
    [InlineData(1, "Bing", "paidsearch", "", "Paid Search")]
    [InlineData(2, "Facebook", "paid-social", "", "Paid Social")]
    [InlineData(3, "YouTube", "cpv", "", "Paid Video")]
    [InlineData(3, "YouTube", "cpc", "", "Paid Video")]
    [InlineData(0, "news", "display", "", "Display")]
    [InlineData(0, "news", "banner", "", "Display")]
    [InlineData(0, "news", "expandable", "", "Display")]
    [InlineData(0, "news", "interstitial", "", "Display")]
    [InlineData(0, "news", "cpm", "", "Display")]
    [InlineData(1, "Google", "cpm", "", "Paid Search")]
    [InlineData(0, "news", "cpa", "", "Paid Other")]
    [InlineData(4, "Amazon", "", "", "Organic Shopping")]
    [InlineData(0, "mail", "email", "shop", "Organic Shopping")]
    [InlineData(2, "Facebook", "", "", "Organic Social")]
    [InlineData(0, "x", "social-network", "", "Organic Social")]
    [InlineData(0, "x", "sm", "", "Organic Social")]
    [InlineData(3, "YouTube", "", "", "Organic Video")]
    [InlineData(0, "x", "my-video-ad", "", "Organic Video")]
    [InlineData(1, "Google", "", "", "Organic Search")]
    [InlineData(0, "x", "organic", "", "Organic Search")]
    [InlineData(5, "ChatGPT", "", "", "AI Assistants")]
    [InlineData(5, "ChatGPT", "referral", "", "AI Assistants")]
    [InlineData(0, "x", "referral", "", "Referral")]
    [InlineData(0, "x", "app", "", "Referral")]
    [InlineData(0, "x", "link", "", "Referral")]
    [InlineData(0, "x", "e-mail", "", "Email")]
    [InlineData(0, "E_Mail", "", "", "Email")]
    [InlineData(0, "x", "affiliate", "", "Affiliates")]
    [InlineData(0, "x", "audio", "", "Audio")]
    [InlineData(0, "SMS", "", "", "SMS")]
    [InlineData(0, "x", "sms", "", "SMS")]
    [InlineData(0, "x", "web-push", "", "Mobile Push Notifications")]
    [InlineData(0, "x", "mobile-app", "", "Mobile Push Notifications")]
    [InlineData(0, "x", "app-notification", "", "Mobile Push Notifications")]
    [InlineData(0, "firebase", "", "", "Mobile Push Notifications")]
    [InlineData(0, "news.example", "", "", "Referral")]
    [InlineData(0, "x", "unheard-of", "", "Referral")]
    [InlineData(0, "", "unheard-of", "", "Direct")]
    public void The_first_rule_that_fits_names_the_channel(int kind, string source, string medium, string campaign, string expected)
    {
        Assert.Equal(expected, ChannelGroup.Classify((SourceKind)kind, source, medium, campaign));
        Assert.Contains(expected, All);
    }
}
