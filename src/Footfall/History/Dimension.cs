namespace Footfall.History;

/// <summary>What hits and visits are grouped and filtered by.</summary>
/// <param name="Prop">The name of the prop for <see cref="DimensionKind.Prop"/>.</param>
internal readonly record struct Dimension(DimensionKind Kind, string? Prop = null);

/// <summary>The names are those of Plausible's Stats API v2 (https://plausible.io/docs/stats-api#dimensions) where it has them.</summary>
internal enum DimensionKind
{
    /// <summary>The minute by the site's clock; only the last half hour.</summary>
    Minute,

    /// <summary>The hour by the site's clock.</summary>
    Hour,
    Day,

    /// <summary>The ISO week, by its Monday.</summary>
    Week,
    Month,

    // Properties of the visit, taken from its first hit.
    Country,

    /// <summary>The English name of the country.</summary>
    CountryName,
    Source,
    Referrer,
    Channel,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    UtmContent,
    UtmTerm,
    Browser,
    BrowserVersion,
    Os,
    OsVersion,
    Device,
    Screen,
    Language,
    EntryPage,
    EntryHostname,
    ExitPage,
    ExitHostname,

    // Properties of the hit.
    Page,
    Hostname,

    /// <summary>The name of the event, <c>page_view</c> among them.</summary>
    EventName,

    /// <summary>The name of any event except a page view; as a filter also <c>Visit /path</c> for a page.</summary>
    Goal,
    Prop,
    Currency,
    ItemId,
    ItemName,
    ItemCategory,
    ItemBrand,

    /// <summary>Why a hit counts as a bot's; only with <see cref="Metric.BotHits"/>.</summary>
    BotReason,
}
