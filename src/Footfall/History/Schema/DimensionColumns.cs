namespace Footfall.History.Schema;

/// <summary>The columns of the dimensions.</summary>
internal static class DimensionColumns
{
    /// <summary>The texts that a visit has from its first hit, in the order of the tables.</summary>
    public const string VisitAttributeList =
        "source, channel, referrer, utm_source, utm_medium, utm_campaign, utm_content, utm_term, browser, browser_version, os, " +
        "os_version, device, screen, language";

    public static bool IsTime(DimensionKind kind) => kind <= DimensionKind.Month;

    public static bool IsCountry(DimensionKind kind) => kind is DimensionKind.Country or DimensionKind.CountryName;

    public static bool IsText(DimensionKind kind) => !IsTime(kind) && !IsCountry(kind) && kind != DimensionKind.BotReason;

    public static bool IsItem(DimensionKind kind) => kind is >= DimensionKind.ItemId and <= DimensionKind.ItemBrand;

    /// <summary>Whether it belongs to a hit or its items, not to the whole visit.</summary>
    public static bool IsOfHit(DimensionKind kind) => kind is >= DimensionKind.Page and <= DimensionKind.ItemBrand;

    /// <summary>Whether it is known only after the visit: a column that needs the sums of the visit's hits.</summary>
    public static bool NeedsVisitSums(DimensionKind kind) => kind is >= DimensionKind.EntryPage and <= DimensionKind.ExitHostname;

    /// <summary>The column of <c>visits</c>, of <c>hits</c> or of <c>products</c>.</summary>
    public static string NameOf(DimensionKind kind) => kind switch
    {
        DimensionKind.Country or DimensionKind.CountryName => "country",
        DimensionKind.Source => "source",
        DimensionKind.Referrer => "referrer",
        DimensionKind.Channel => "channel",
        DimensionKind.UtmSource => "utm_source",
        DimensionKind.UtmMedium => "utm_medium",
        DimensionKind.UtmCampaign => "utm_campaign",
        DimensionKind.UtmContent => "utm_content",
        DimensionKind.UtmTerm => "utm_term",
        DimensionKind.Browser => "browser",
        DimensionKind.BrowserVersion => "browser_version",
        DimensionKind.Os => "os",
        DimensionKind.OsVersion => "os_version",
        DimensionKind.Device => "device",
        DimensionKind.Screen => "screen",
        DimensionKind.Language => "language",
        DimensionKind.EntryPage => "entry_page",
        DimensionKind.EntryHostname => "entry_host",
        DimensionKind.ExitPage => "exit_page",
        DimensionKind.ExitHostname => "exit_host",
        DimensionKind.Page => "page",
        DimensionKind.Hostname => "host",
        DimensionKind.EventName or DimensionKind.Goal => "name",
        DimensionKind.Currency => "currency",
        DimensionKind.ItemId => "item_id",
        DimensionKind.ItemName => "name",
        DimensionKind.ItemCategory => "category",
        DimensionKind.ItemBrand => "brand",
        DimensionKind.BotReason => "reason",
        _ => throw new ArgumentException($"{kind} is no column of the history."),
    };

    /// <summary>A time as a number: days, hours or minutes since 1970-01-01, by the site's clock.</summary>
    /// <param name="day">The expression of the local day.</param>
    /// <param name="local">The expression of the milliseconds since 1970-01-01 by the site's clock.</param>
    public static string TimeExpression(DimensionKind kind, string day, string local) => kind switch
    {
        DimensionKind.Minute => $"({local}) // 60000",
        DimensionKind.Hour => $"({local}) // 3600000",
        DimensionKind.Day => $"({day} - {Epoch})",
        // 1970-01-01 was a Thursday.
        DimensionKind.Week => $"({day} - {Epoch} - ({day} - {Epoch} + 3) % 7)",
        DimensionKind.Month => $"(date_trunc('month', {day})::DATE - {Epoch})",
        _ => throw new ArgumentException($"{kind} is no time."),
    };

    public const string Epoch = "DATE '1970-01-01'";
}
