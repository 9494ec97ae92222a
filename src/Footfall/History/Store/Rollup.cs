namespace Footfall.History.Store;

/// <summary>What the rows of a rollup are counted from.</summary>
internal enum RollupOf
{
    /// <summary>Visits, by a column of theirs.</summary>
    Visit,

    /// <summary>Hits, by a column of theirs.</summary>
    Hit,

    /// <summary>Items, by a column of their product.</summary>
    Item,

    /// <summary>Hits of robots.</summary>
    Bot,
}

/// <summary>A dimension that is added up for closed days, in the tables <c>r_</c>, <c>m_</c> and <c>f_</c> with its name.</summary>
/// <param name="Name">Of the tables.</param>
/// <param name="Of">What is counted.</param>
/// <param name="Column">The expression of the value, over the table of <paramref name="Of"/>.</param>
/// <param name="Dimensions">The dimensions of a question that it answers.</param>
/// <param name="Additive">Whether a visitor has but one value on a day, so that visitors of several values add up: what comes from the User-Agent, which is part of the visitor's hash.</param>
internal sealed record Rollup(string Name, RollupOf Of, string Column, DimensionKind[] Dimensions, bool Additive = false)
{
    public const int AllCountries = -1;

    /// <summary>The queries that fill the tables of a rollup of visits: <c>r_</c>, <c>m_</c> and <c>f_</c>.</summary>
    public static readonly string[] Visits = ["rollup_visits.sql", "rollup_visits_money.sql", "rollup_visits_funnel.sql"];

    /// <summary>Whether there are funnels by this dimension: by those that have few values.</summary>
    public bool HasFunnel => Of == RollupOf.Visit && Name is not ("entry_page" or "exit_page" or "referrer" or "browser_version" or "os_version");

    /// <summary>The one without a dimension; by country it answers questions of countries.</summary>
    public static readonly Rollup Total = new("total", RollupOf.Visit, "0", []);

    /// <summary>Visits by the hour they began, all else by the hour it happened.</summary>
    public static readonly Rollup Hour = new("hour", RollupOf.Hit, "hour", [DimensionKind.Hour]);

    public static readonly IReadOnlyList<Rollup> All =
    [
        Total,
        Hour,
        new("source", RollupOf.Visit, "source", [DimensionKind.Source]),
        new("channel", RollupOf.Visit, "channel", [DimensionKind.Channel]),
        new("referrer", RollupOf.Visit, "referrer", [DimensionKind.Referrer]),
        new("utm_source", RollupOf.Visit, "utm_source", [DimensionKind.UtmSource]),
        new("utm_medium", RollupOf.Visit, "utm_medium", [DimensionKind.UtmMedium]),
        new("utm_campaign", RollupOf.Visit, "utm_campaign", [DimensionKind.UtmCampaign]),
        new("utm_content", RollupOf.Visit, "utm_content", [DimensionKind.UtmContent]),
        new("utm_term", RollupOf.Visit, "utm_term", [DimensionKind.UtmTerm]),
        new("browser", RollupOf.Visit, "browser", [DimensionKind.Browser], Additive: true),
        new("browser_version", RollupOf.Visit, "browser_version", [DimensionKind.BrowserVersion], Additive: true),
        new("os", RollupOf.Visit, "os", [DimensionKind.Os], Additive: true),
        new("os_version", RollupOf.Visit, "os_version", [DimensionKind.OsVersion], Additive: true),
        new("device", RollupOf.Visit, "device", [DimensionKind.Device], Additive: true),
        new("screen", RollupOf.Visit, "screen", [DimensionKind.Screen]),
        new("language", RollupOf.Visit, "language", [DimensionKind.Language]),
        new("entry_page", RollupOf.Visit, "entry_page", [DimensionKind.EntryPage]),
        new("exit_page", RollupOf.Visit, "exit_page", [DimensionKind.ExitPage]),
        new("page", RollupOf.Hit, "page", [DimensionKind.Page]),
        new("hostname", RollupOf.Hit, "host", [DimensionKind.Hostname]),
        new("name", RollupOf.Hit, "name", [DimensionKind.EventName, DimensionKind.Goal]),
        new("item_id", RollupOf.Item, "item_id", [DimensionKind.ItemId]),
        new("item_name", RollupOf.Item, "name", [DimensionKind.ItemName]),
        new("item_category", RollupOf.Item, "category", [DimensionKind.ItemCategory]),
        new("item_brand", RollupOf.Item, "brand", [DimensionKind.ItemBrand]),
        new("bot", RollupOf.Bot, "reason", [DimensionKind.BotReason]),
    ];

    /// <summary>The rollup of a dimension; null where there is none.</summary>
    public static Rollup? Find(DimensionKind dimension) => All.FirstOrDefault(rollup => rollup.Dimensions.Contains(dimension));
}
