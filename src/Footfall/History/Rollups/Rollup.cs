namespace Footfall.History.Rollups;

/// <summary>What the rows of a rollup are counted from.</summary>
internal enum RollupSource
{
    /// <summary>Visits, by one of their columns.</summary>
    Visit,

    /// <summary>Hits, by one of their columns.</summary>
    Hit,

    /// <summary>Items, by one of their product's columns.</summary>
    Item,

    /// <summary>Hits of bots.</summary>
    Bot,
}

/// <summary>
/// Dimensions that are rolled up together, in the tables <c>r_</c>, <c>m_</c> and <c>f_</c> plus their name. Dimensions with few and with
/// many values are separate, so that a query reads few unrelated rows.
/// </summary>
internal enum RollupFamily
{
    Totals,
    Visits,
    Pages,
    Items,
}

/// <summary>A dimension with rollups of closed days.</summary>
/// <param name="Number">The value of the column <c>dim</c>. Never change it, since the store has it.</param>
/// <param name="Source">What is counted.</param>
/// <param name="Column">The expression of the value, on the table of <paramref name="Source"/>.</param>
/// <param name="Dimensions">The query dimensions that it serves.</param>
/// <param name="IsAdditive">Whether a visitor has only one value per day, so that visitors of several values can be summed: values from the
/// User-Agent, which is part of the visitor's hash.</param>
internal sealed record Rollup(int Number, RollupFamily Family, RollupSource Source, string Column, DimensionKind[] Dimensions,
    bool IsAdditive = false)
{
    public const int AllCountries = -1;

    /// <summary>The rollup without a dimension; it also serves queries by country.</summary>
    public static readonly Rollup Total = new(0, RollupFamily.Totals, RollupSource.Visit, "0", []);

    /// <summary>Visits by the hour they began, everything else by the hour it happened.</summary>
    public static readonly Rollup Hour = new(1, RollupFamily.Totals, RollupSource.Hit, "hour", [DimensionKind.Hour]);

    public static readonly Rollup Bot = new(2, RollupFamily.Totals, RollupSource.Bot, "reason", [DimensionKind.BotReason]);

    /// <summary>Its money is the value of all events, including purchases.</summary>
    public static readonly Rollup EventName =
        new(25, RollupFamily.Pages, RollupSource.Hit, "name", [DimensionKind.EventName, DimensionKind.Goal]);

    public static readonly IReadOnlyList<Rollup> All =
    [
        Total,
        Hour,
        Bot,
        VisitRollup(3, "source", DimensionKind.Source),
        VisitRollup(4, "channel", DimensionKind.Channel),
        VisitRollup(5, "utm_source", DimensionKind.UtmSource),
        VisitRollup(6, "utm_medium", DimensionKind.UtmMedium),
        VisitRollup(7, "utm_campaign", DimensionKind.UtmCampaign),
        VisitRollup(8, "utm_content", DimensionKind.UtmContent),
        VisitRollup(9, "utm_term", DimensionKind.UtmTerm),
        VisitRollup(10, "browser", DimensionKind.Browser) with { IsAdditive = true },
        VisitRollup(11, "browser_version", DimensionKind.BrowserVersion) with { IsAdditive = true },
        VisitRollup(12, "os", DimensionKind.Os) with { IsAdditive = true },
        VisitRollup(13, "os_version", DimensionKind.OsVersion) with { IsAdditive = true },
        VisitRollup(14, "device", DimensionKind.Device) with { IsAdditive = true },
        VisitRollup(15, "screen", DimensionKind.Screen),
        VisitRollup(16, "language", DimensionKind.Language),
        new(20, RollupFamily.Pages, RollupSource.Visit, "referrer", [DimensionKind.Referrer]),
        new(21, RollupFamily.Pages, RollupSource.Visit, "entry_page", [DimensionKind.EntryPage]),
        new(22, RollupFamily.Pages, RollupSource.Visit, "exit_page", [DimensionKind.ExitPage]),
        new(23, RollupFamily.Pages, RollupSource.Hit, "page", [DimensionKind.Page]),
        new(24, RollupFamily.Pages, RollupSource.Hit, "host", [DimensionKind.Hostname]),
        EventName,
        new(30, RollupFamily.Items, RollupSource.Item, "item_id", [DimensionKind.ItemId]),
        new(31, RollupFamily.Items, RollupSource.Item, "name", [DimensionKind.ItemName]),
        new(32, RollupFamily.Items, RollupSource.Item, "category", [DimensionKind.ItemCategory]),
        new(33, RollupFamily.Items, RollupSource.Item, "brand", [DimensionKind.ItemBrand]),
    ];

    /// <summary>The numbers of the rollups whose values are not texts.</summary>
    public static readonly IReadOnlyList<int> NumbersWithoutText = [Total.Number, Hour.Number, Bot.Number];

    /// <summary>The names of the families, which are the suffixes of the tables.</summary>
    public static readonly IReadOnlyList<string> Families = [.. Enum.GetValues<RollupFamily>().Select(NameOf)];

    /// <summary>All tables of rollups.</summary>
    public static readonly IReadOnlyList<string> Tables =
        [.. Families.SelectMany(family => (string[])[$"r_{family}", $"m_{family}", $"f_{family}"])];

    /// <summary>Whether there are funnels by this dimension: only those with few values.</summary>
    public bool HasFunnel => Source == RollupSource.Visit && Family != RollupFamily.Pages
        && Dimensions is not [DimensionKind.BrowserVersion or DimensionKind.OsVersion];

    /// <summary>The table of its counts and the start of a condition.</summary>
    public string CountsFrom => FromClause("r");

    /// <summary>The table of its money.</summary>
    public string MoneyFrom => FromClause("m");

    /// <summary>The table of its funnels.</summary>
    public string FunnelsFrom => FromClause("f");

    /// <summary>The rollup of a dimension; null if there is none.</summary>
    public static Rollup? Find(DimensionKind dimension) => All.FirstOrDefault(rollup => rollup.Dimensions.Contains(dimension));

    public static string NameOf(RollupFamily family) => family.ToString().ToLowerInvariant();

    private string FromClause(string kind) => $"FROM {kind}_{NameOf(Family)} WHERE dim = {Number}";

    private static Rollup VisitRollup(int number, string column, DimensionKind dimension) =>
        new(number, RollupFamily.Visits, RollupSource.Visit, column, [dimension]);
}
