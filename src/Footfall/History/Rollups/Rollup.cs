namespace Footfall.History.Rollups;

/// <summary>What the rows of a rollup are counted from.</summary>
internal enum RollupSource
{
    /// <summary>Visits, by a column of theirs.</summary>
    Visit,

    /// <summary>Hits, by a column of theirs.</summary>
    Hit,

    /// <summary>Items, by a column of their product.</summary>
    Item,

    /// <summary>Hits of bots.</summary>
    Bot,
}

/// <summary>
/// Dimensions that are added up together, in the tables <c>r_</c>, <c>m_</c> and <c>f_</c> with their name. Those of few values and those
/// of many are apart, so that a question reads few rows of others.
/// </summary>
internal enum RollupFamily
{
    Totals,
    Visits,
    Pages,
    Items,
}

/// <summary>A dimension that is added up for closed days.</summary>
/// <param name="Number">Of its rows: the column <c>dim</c>. Never another one, since the store has it.</param>
/// <param name="Source">What is counted.</param>
/// <param name="Column">The expression of the value, over the table of <paramref name="Source"/>.</param>
/// <param name="Dimensions">The dimensions of a question that it answers.</param>
/// <param name="IsAdditive">Whether a visitor has but one value on a day, so that visitors of several values add up: what comes from the
/// User-Agent, which is part of the visitor's hash.</param>
internal sealed record Rollup(int Number, RollupFamily Family, RollupSource Source, string Column, DimensionKind[] Dimensions,
    bool IsAdditive = false)
{
    public const int AllCountries = -1;

    /// <summary>The one without a dimension; by country it answers questions of countries.</summary>
    public static readonly Rollup Total = new(0, RollupFamily.Totals, RollupSource.Visit, "0", []);

    /// <summary>Visits by the hour they began, all else by the hour it happened.</summary>
    public static readonly Rollup Hour = new(1, RollupFamily.Totals, RollupSource.Hit, "hour", [DimensionKind.Hour]);

    public static readonly Rollup Bot = new(2, RollupFamily.Totals, RollupSource.Bot, "reason", [DimensionKind.BotReason]);

    /// <summary>Its money is what any event is worth, purchases among them.</summary>
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

    /// <summary>The numbers of those whose values are no texts.</summary>
    public static readonly IReadOnlyList<int> NumbersWithoutText = [Total.Number, Hour.Number, Bot.Number];

    /// <summary>The names of the families, as those of the tables end.</summary>
    public static readonly IReadOnlyList<string> Families = [.. Enum.GetValues<RollupFamily>().Select(NameOf)];

    /// <summary>All tables of rollups.</summary>
    public static readonly IReadOnlyList<string> Tables =
        [.. Families.SelectMany(family => (string[])[$"r_{family}", $"m_{family}", $"f_{family}"])];

    /// <summary>Whether there are funnels by this dimension: by those that have few values.</summary>
    public bool HasFunnel => Source == RollupSource.Visit && Family != RollupFamily.Pages
        && Dimensions is not [DimensionKind.BrowserVersion or DimensionKind.OsVersion];

    /// <summary>Where its counts are: a table and the beginning of a condition.</summary>
    public string CountsFrom => FromClause("r");

    /// <summary>Where its money is.</summary>
    public string MoneyFrom => FromClause("m");

    /// <summary>Where its funnels are.</summary>
    public string FunnelsFrom => FromClause("f");

    /// <summary>The rollup of a dimension; null if there is none.</summary>
    public static Rollup? Find(DimensionKind dimension) => All.FirstOrDefault(rollup => rollup.Dimensions.Contains(dimension));

    public static string NameOf(RollupFamily family) => family.ToString().ToLowerInvariant();

    private string FromClause(string kind) => $"FROM {kind}_{NameOf(Family)} WHERE dim = {Number}";

    private static Rollup VisitRollup(int number, string column, DimensionKind dimension) =>
        new(number, RollupFamily.Visits, RollupSource.Visit, column, [dimension]);
}
