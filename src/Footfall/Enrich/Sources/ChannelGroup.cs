namespace Footfall.Enrich.Sources;

/// <summary>
/// GA4's default channel group, the rules for manually tagged traffic: https://support.google.com/analytics/answer/9756891. The first match
/// wins. GA4's lists of sites are not public in full; Matomo's take their place. Two differences: AI assistants have their own channel, and
/// a source without a matching rule is a referral, where GA4 uses <c>Unassigned</c>.
/// </summary>
internal static class ChannelGroup
{
    public const string Direct = "Direct", Referral = "Referral";

    /// <param name="source">The name of the source; empty for none.</param>
    /// <param name="medium">In lower case; empty for none.</param>
    /// <param name="campaign">In lower case; empty for none.</param>
    public static string Classify(SourceKind kind, string source, string medium, string campaign)
    {
        if (source.Length == 0 && medium is "" or "(none)" or "(not set)" && campaign.Length == 0) return Direct;
        if (campaign.Contains("cross-network", StringComparison.Ordinal)) return "Cross-network";
        var shopping = kind == SourceKind.Shopping || NamesShop(campaign);
        if (IsPaid(medium))
        {
            if (shopping) return "Paid Shopping";
            if (kind == SourceKind.Search) return "Paid Search";
            if (kind == SourceKind.Social) return "Paid Social";
            if (kind == SourceKind.Video) return "Paid Video";
        }
        if (medium is "display" or "banner" or "expandable" or "interstitial" or "cpm") return "Display";
        if (IsPaid(medium)) return "Paid Other";
        if (shopping) return "Organic Shopping";
        if (kind == SourceKind.Social || medium is "social" or "social-network" or "social-media" or "sm" or "social network"
            or "social media") return "Organic Social";
        if (kind == SourceKind.Video || medium.Contains("video", StringComparison.Ordinal)) return "Organic Video";
        if (kind == SourceKind.Search || medium == "organic") return "Organic Search";
        if (kind == SourceKind.Assistant) return "AI Assistants";
        if (medium is "referral" or "app" or "link") return Referral;
        if (IsEmail(medium) || IsEmail(source)) return "Email";
        if (medium == "affiliate") return "Affiliates";
        if (medium == "audio") return "Audio";
        if (medium == "sms" || source.Equals("sms", StringComparison.OrdinalIgnoreCase)) return "SMS";
        if (medium.EndsWith("push", StringComparison.Ordinal) || medium.Contains("mobile", StringComparison.Ordinal)
            || medium.Contains("notification", StringComparison.Ordinal)
            || source.Equals("firebase", StringComparison.OrdinalIgnoreCase)) return "Mobile Push Notifications";
        return source.Length > 0 ? Referral : Direct;
    }

    /// <summary><c>^(.*cp.*|ppc|retargeting|paid.*)$</c></summary>
    private static bool IsPaid(string medium) =>
        medium is "ppc" or "retargeting" || medium.Contains("cp", StringComparison.Ordinal)
            || medium.StartsWith("paid", StringComparison.Ordinal);

    private static bool IsEmail(string text) =>
        text.Length is 5 or 6 && text.ToLowerInvariant() is "email" or "e-mail" or "e_mail" or "e mail";

    /// <summary><c>^(.*(([^a-df-z]|^)shop|shopping).*)$</c>: the word, also as "eshop", but not "workshop".</summary>
    private static bool NamesShop(string campaign)
    {
        if (campaign.Contains("shopping", StringComparison.Ordinal)) return true;
        for (var index = campaign.IndexOf("shop", StringComparison.Ordinal); index >= 0; index =
            campaign.IndexOf("shop", index + 1, StringComparison.Ordinal))
            if (index == 0 || campaign[index - 1] is not ((>= 'a' and <= 'd') or (>= 'f' and <= 'z'))) return true;
        return false;
    }
}
