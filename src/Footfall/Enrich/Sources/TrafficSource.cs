using System.Text;
using Footfall.Common;

namespace Footfall.Enrich.Sources;

/// <summary>Where the visitor of a hit came from.</summary>
internal readonly ref struct TrafficSource
{
    private static readonly EncodedFields DirectFields = EncodedFields.Encode((DetailField.Channel, ChannelGroup.Direct));

    /// <summary>
    /// Source and channel, if they are the same for many hits; null if <see cref="Host"/> or <see cref="Name"/> is the source.
    /// </summary>
    public EncodedFields? KnownFields { get; private init; }

    /// <summary>The referring host, in any case.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>The source tagged in the link, or the name of a listed source.</summary>
    public string? Name { get; private init; }

    /// <summary>GA4's channel; null if <see cref="KnownFields"/> has it.</summary>
    public string? Channel { get; private init; }

    /// <summary>Whether the referrer is on the spam list.</summary>
    public bool IsSpam { get; private init; }

    /// <summary>Why the hit counts as a bot's.</summary>
    /// <param name="isBot">Whether its sender is a known bot.</param>
    public BotReason GetBotReason(bool isBot) => isBot ? BotReason.UserAgent : IsSpam ? BotReason.ReferrerSpam : BotReason.None;

    /// <summary>Finds the source: the tags in the link come first, then the referrer, then the ad network of the click ID.</summary>
    /// <param name="referrer">The host of the referrer, as sent; empty for none.</param>
    /// <param name="page">The host of the page, as sent; empty for none.</param>
    /// <param name="query">The query of the page's URL: only the presence of click IDs matters.</param>
    /// <param name="campaign">The decoded parameters that name a source; null for none.</param>
    public static TrafficSource Resolve(ReadOnlySpan<byte> referrer, ReadOnlySpan<byte> page, Site site, ReadOnlySpan<byte> query,
        List<(string Name, string Value)>? campaign)
    {
        var host = HostName.StripWwwAndPort(referrer);
        if (!host.IsEmpty && HostName.IsSameSite(host, page, site)) host = default;
        var known = host.IsEmpty ? null : KnownSources.FindByHost(HostName.ToLower(host, stackalloc char[HostName.MaxLength]));
        if (known is { Kind: SourceKind.Spam }) return new TrafficSource { Host = host, Channel = ChannelGroup.Referral, IsSpam = true };
        var click = query.IsEmpty ? null : ClickId.FindInQuery(query);
        if (campaign is not null || click is not null) return FromTags(host, known, click, campaign ?? []);
        if (host.IsEmpty) return new TrafficSource { KnownFields = DirectFields };
        return known is null ? new TrafficSource { Host = host, Channel = ChannelGroup.Referral }
            : new TrafficSource { KnownFields = known.ReferralFields };
    }

    /// <summary>For a tagged link: rare enough to allocate its texts.</summary>
    private static TrafficSource FromTags(ReadOnlySpan<byte> host, KnownSource? referred, ClickId? click,
        List<(string Name, string Value)> campaign)
    {
        var medium = GetParameter(campaign, "utm_medium").ToLowerInvariant();
        var tag = GetParameter(campaign, "utm_source") is { Length: > 0 } first ? first
            : GetParameter(campaign, "source") is { Length: > 0 } second ? second : GetParameter(campaign, "ref");
        var isTagged = tag.Length > 0 && !(tag.ToLowerInvariant() is "direct" or "(direct)");
        var source = isTagged ? KnownSources.FindByTag(tag) : host.IsEmpty ? click?.Source : referred;
        var name = source?.Name ?? (isTagged ? tag : Encoding.UTF8.GetString(host).ToLowerInvariant());
        // A paid click of the network is paid, whatever the tags say.
        if (click is { Medium.Length: > 0 } && (medium.Length == 0 || source?.Name == click.Source.Name)) medium = click.Medium;
        var channel = ChannelGroup.Classify(source?.Kind ?? SourceKind.Other, name, medium, GetParameter(campaign, "utm_campaign")
            .ToLowerInvariant());
        return new TrafficSource { Name = name, Channel = channel };
    }

    private static string GetParameter(List<(string Name, string Value)> campaign, string name)
    {
        foreach (var parameter in campaign)
            if (parameter.Name == name) return parameter.Value.Trim();
        return "";
    }
}
