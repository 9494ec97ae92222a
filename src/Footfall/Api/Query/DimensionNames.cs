using System.Diagnostics.CodeAnalysis;
using Footfall.History;

namespace Footfall.Api.Query;

/// <summary>
/// The names of the dimensions in queries: Plausible's (https://plausible.io/docs/stats-api#dimensions), and those for shops.
/// </summary>
internal static class DimensionNames
{
    public const string CountryName = "visit:country_name";

    private const string Props = "event:props:";
    private const string Direct = "Direct / None", NotSet = "(not set)", NoProp = "(none)";

    private static readonly QueryDimension[] Table =
    [
        new("time", null, DimensionScope.Time, ""),
        Time("minute", DimensionKind.Minute),
        Time("hour", DimensionKind.Hour),
        Time("day", DimensionKind.Day),
        Time("week", DimensionKind.Week),
        Time("month", DimensionKind.Month),
        Event("goal", DimensionKind.Goal),
        Event("page", DimensionKind.Page),
        Event("hostname", DimensionKind.Hostname),
        Event("name", DimensionKind.EventName),
        Event("currency", DimensionKind.Currency),
        Visit("entry_page", DimensionKind.EntryPage),
        Visit("entry_page_hostname", DimensionKind.EntryHostname),
        Visit("exit_page", DimensionKind.ExitPage),
        Visit("exit_page_hostname", DimensionKind.ExitHostname),
        Visit("source", DimensionKind.Source, Direct),
        Visit("referrer", DimensionKind.Referrer, Direct),
        Visit("channel", DimensionKind.Channel),
        Visit("utm_medium", DimensionKind.UtmMedium),
        Visit("utm_source", DimensionKind.UtmSource),
        Visit("utm_campaign", DimensionKind.UtmCampaign),
        Visit("utm_content", DimensionKind.UtmContent),
        Visit("utm_term", DimensionKind.UtmTerm),
        Visit("device", DimensionKind.Device),
        Visit("screen", DimensionKind.Screen),
        Visit("browser", DimensionKind.Browser),
        Visit("browser_version", DimensionKind.BrowserVersion),
        Visit("os", DimensionKind.Os),
        Visit("os_version", DimensionKind.OsVersion),
        Visit("language", DimensionKind.Language),
        Visit("country", DimensionKind.Country, ""),
        Visit("country_name", DimensionKind.Country, ""),
        Unknown("region"),
        Unknown("region_name"),
        Unknown("city"),
        Unknown("city_name"),
        Item("id", DimensionKind.ItemId),
        Item("name", DimensionKind.ItemName),
        Item("category", DimensionKind.ItemCategory),
        Item("brand", DimensionKind.ItemBrand),
        new("bot:reason", new Dimension(DimensionKind.BotReason), DimensionScope.Bot, NotSet),
    ];

    private static readonly Dictionary<string, QueryDimension> ByName = Table.ToDictionary(dimension => dimension.Name);

    /// <summary>All names, with <c>event:props:&lt;name&gt;</c> for props at the end.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Table.Select(dimension => dimension.Name), $"{Props}<name>"];

    /// <summary>The names that filters accept: all except those of time.</summary>
    public static IReadOnlyList<string> Filterable { get; } = [.. All.Where(name => !name.StartsWith("time", StringComparison.Ordinal))];

    public static bool TryParse(string name, [NotNullWhen(true)] out QueryDimension? dimension)
    {
        if (ByName.TryGetValue(name, out dimension)) return true;
        if (!name.StartsWith(Props, StringComparison.Ordinal)) return false;
        var prop = name[Props.Length..];
        if (prop.Length is 0 or > QueryLimits.PropName) return false;
        dimension = new QueryDimension(name, new Dimension(DimensionKind.Prop, prop), DimensionScope.Event, NoProp);
        return true;
    }

    /// <summary>The name of a dimension of a filter.</summary>
    public static string NameOf(Dimension dimension) => dimension switch
    {
        { Prop: { } prop } => Props + prop,
        { Kind: DimensionKind.CountryName } => CountryName,
        _ => Table.First(known => known.Is(dimension.Kind)).Name,
    };

    /// <summary>The dimension that <c>time</c> stands for.</summary>
    public static QueryDimension ForTime(DimensionKind kind) => Table.First(dimension => dimension.IsTime && dimension.Is(kind));

    private static QueryDimension Time(string name, DimensionKind kind) =>
        new($"time:{name}", new Dimension(kind), DimensionScope.Time, "");

    private static QueryDimension Event(string name, DimensionKind kind) =>
        new($"event:{name}", new Dimension(kind), DimensionScope.Event, NotSet);

    private static QueryDimension Visit(string name, DimensionKind kind, string empty = NotSet) =>
        new($"visit:{name}", new Dimension(kind), DimensionScope.Visit, empty);

    /// <summary>The country file has only countries.</summary>
    private static QueryDimension Unknown(string name) => new($"visit:{name}", null, DimensionScope.Visit, "");

    private static QueryDimension Item(string name, DimensionKind kind) =>
        new($"item:{name}", new Dimension(kind), DimensionScope.Item, NotSet);
}
