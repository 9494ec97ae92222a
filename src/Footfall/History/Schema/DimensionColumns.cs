namespace Footfall.History.Schema;

/// <summary>Where the column of a dimension is.</summary>
internal enum DimensionSource
{
    /// <summary>Made of the day and the time.</summary>
    Time,

    /// <summary>A number in visits, in hits and in rollups.</summary>
    Country,

    /// <summary>A text that a visit has from its first hit.</summary>
    Visit,

    /// <summary>A text of a visit that needs its other hits.</summary>
    WholeVisit,
    Hit,

    /// <summary>The products of a hit.</summary>
    Item,

    /// <summary>The name of a prop is part of the dimension.</summary>
    Prop,
    Bot,
}

/// <summary>The table of dimensions: the column of each.</summary>
internal static class DimensionColumns
{
    /// <summary>The texts that a visit has from its first hit, in the order of the tables.</summary>
    public const string VisitAttributeList =
        "source, channel, referrer, utm_source, utm_medium, utm_campaign, utm_content, utm_term, browser, browser_version, os, " +
        "os_version, device, screen, language";

    private static readonly (DimensionKind Kind, DimensionSource Source, string Column)[] Table =
    [
        (DimensionKind.Minute, DimensionSource.Time, ""),
        (DimensionKind.Hour, DimensionSource.Time, ""),
        (DimensionKind.Day, DimensionSource.Time, ""),
        (DimensionKind.Week, DimensionSource.Time, ""),
        (DimensionKind.Month, DimensionSource.Time, ""),
        (DimensionKind.Country, DimensionSource.Country, "country"),
        (DimensionKind.CountryName, DimensionSource.Country, "country"),
        (DimensionKind.Source, DimensionSource.Visit, "source"),
        (DimensionKind.Referrer, DimensionSource.Visit, "referrer"),
        (DimensionKind.Channel, DimensionSource.Visit, "channel"),
        (DimensionKind.UtmSource, DimensionSource.Visit, "utm_source"),
        (DimensionKind.UtmMedium, DimensionSource.Visit, "utm_medium"),
        (DimensionKind.UtmCampaign, DimensionSource.Visit, "utm_campaign"),
        (DimensionKind.UtmContent, DimensionSource.Visit, "utm_content"),
        (DimensionKind.UtmTerm, DimensionSource.Visit, "utm_term"),
        (DimensionKind.Browser, DimensionSource.Visit, "browser"),
        (DimensionKind.BrowserVersion, DimensionSource.Visit, "browser_version"),
        (DimensionKind.Os, DimensionSource.Visit, "os"),
        (DimensionKind.OsVersion, DimensionSource.Visit, "os_version"),
        (DimensionKind.Device, DimensionSource.Visit, "device"),
        (DimensionKind.Screen, DimensionSource.Visit, "screen"),
        (DimensionKind.Language, DimensionSource.Visit, "language"),
        (DimensionKind.EntryPage, DimensionSource.WholeVisit, "entry_page"),
        (DimensionKind.EntryHostname, DimensionSource.WholeVisit, "entry_host"),
        (DimensionKind.ExitPage, DimensionSource.WholeVisit, "exit_page"),
        (DimensionKind.ExitHostname, DimensionSource.WholeVisit, "exit_host"),
        (DimensionKind.Page, DimensionSource.Hit, "page"),
        (DimensionKind.Hostname, DimensionSource.Hit, "host"),
        (DimensionKind.EventName, DimensionSource.Hit, "name"),
        (DimensionKind.Goal, DimensionSource.Hit, "name"),
        (DimensionKind.Prop, DimensionSource.Prop, ""),
        (DimensionKind.Currency, DimensionSource.Hit, "currency"),
        (DimensionKind.ItemId, DimensionSource.Item, "item_id"),
        (DimensionKind.ItemName, DimensionSource.Item, "name"),
        (DimensionKind.ItemCategory, DimensionSource.Item, "category"),
        (DimensionKind.ItemBrand, DimensionSource.Item, "brand"),
        (DimensionKind.BotReason, DimensionSource.Bot, "reason"),
    ];

    private static readonly Dictionary<DimensionKind, (DimensionSource Source, string Column)> ByKind =
        Table.ToDictionary(row => row.Kind, row => (row.Source, row.Column));

    /// <exception cref="KeyNotFoundException">The table lacks the dimension.</exception>
    public static DimensionSource SourceOf(DimensionKind kind) => ByKind[kind].Source;

    public static bool IsTime(DimensionKind kind) => SourceOf(kind) == DimensionSource.Time;

    public static bool IsCountry(DimensionKind kind) => SourceOf(kind) == DimensionSource.Country;

    public static bool IsText(DimensionKind kind) =>
        SourceOf(kind) is not (DimensionSource.Time or DimensionSource.Country or DimensionSource.Bot);

    public static bool IsItem(DimensionKind kind) => SourceOf(kind) == DimensionSource.Item;

    /// <summary>Whether it belongs to a hit or its items, not to the whole visit.</summary>
    public static bool IsOfHit(DimensionKind kind) => SourceOf(kind) is DimensionSource.Hit or DimensionSource.Item or DimensionSource.Prop;

    /// <summary>Whether it is known only after the visit: a column that needs the sums of the visit's hits.</summary>
    public static bool NeedsVisitSums(DimensionKind kind) => SourceOf(kind) == DimensionSource.WholeVisit;

    /// <summary>The column of <c>visits</c>, of <c>hits</c> or of <c>products</c>.</summary>
    public static string NameOf(DimensionKind kind) =>
        ByKind[kind].Column is { Length: > 0 } column ? column : throw new ArgumentException($"{kind} is not a column of the history.");

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
