using Footfall.Common;

namespace Footfall.Enrich.Sources;

/// <summary>A source of the lists.</summary>
/// <param name="Name">As its owner spells it, such as <c>Hacker News</c>.</param>
internal sealed record KnownSource(string Name, SourceKind Kind)
{
    /// <summary>Source and channel of untagged hits from this source: the same for all of them.</summary>
    public EncodedFields ReferralFields { get; } = EncodedFields.Encode((DetailField.Source, Name),
        (DetailField.Channel, ChannelGroup.Classify(Kind, Name, medium: "", campaign: "")));
}
