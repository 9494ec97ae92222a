using Footfall.History.Store;

namespace Footfall.History.Planning;

/// <summary>Days to scan.</summary>
/// <param name="Closed">Days with rows in <c>visits</c>.</param>
/// <param name="Open">Days whose visits are made of their hits.</param>
/// <param name="Within">Unix milliseconds, where the days aren't all whole.</param>
internal sealed record Slice(int SiteId, DaySet Closed, DaySet Open, (long From, long Until)? Within)
{
    public bool IsEmpty => Closed.IsEmpty && Open.IsEmpty;

    /// <summary>A condition of rows with a site and a day.</summary>
    /// <param name="alias">The name of the rows, with its dot; or empty.</param>
    public string Days(string alias) => $"{alias}site = {SiteId} AND ({All.Sql($"{alias}day")})";

    /// <summary>A condition of rows with a site, a day and a time.</summary>
    public string Sql(string alias, string time = "time") => $"{Days(alias)}{Times($"{alias}{time}")}";

    public string Times(string time) => Within is var (from, until) ? $" AND {time} >= {from} AND {time} < {until}" : "";

    /// <summary>Whole visits, as a table in parentheses.</summary>
    /// <param name="sums">Whether their sums are needed too, and not only what they are from their first hit on.</param>
    public string Visits(bool sums)
    {
        var closed = sums ? $"{Sums}, {Steps("funnel", Funnel.Bit(Funnel.Cart), Funnel.Bit(Funnel.Checkout), Funnel.Bit(Funnel.Purchase))}" : Attributes;
        var parts = new List<string>();
        if (!Closed.IsEmpty || Open.IsEmpty) parts.Add($"SELECT {closed} FROM visits WHERE site = {SiteId} AND ({Closed.Sql("day")})");
        var days = $"site = {SiteId} AND ({Open.Sql("day")})";
        // Of open visits the column funnel takes most of the time of the whole query: single steps are known without it.
        if (!Open.IsEmpty && sums) parts.Add($"SELECT {Sums}, cart, checkout, buyer FROM ({VisitsOfDays.Sums(days, $", {Steps("kinds", 1 << 3, 1 << 5, 1 << 6)}")})");
        if (!Open.IsEmpty && !sums) parts.AddRange([$"SELECT {Attributes} FROM opened WHERE {days}", $"SELECT {Attributes} FROM visits WHERE {days}"]);
        return $"({string.Join(" UNION ALL ", parts)})";
    }

    private const string Attributes = "site, day, visit, visitor, start, zone, country, " + Columns.OfVisit;

    // Of open visits the funnel is 0: it is not made here.
    private const string Sums = Attributes + ", entry_page, exit_page, entry_host, exit_host, pageviews, events, duration, bounce, funnel, orders, refunds";

    private DaySet All => Closed.And(Open);

    private static string Steps(string column, int cart, int checkout, int buyer) =>
        $"({column} & {cart}) <> 0 AS cart, ({column} & {checkout}) <> 0 AS checkout, ({column} & {buyer}) <> 0 AS buyer";
}
