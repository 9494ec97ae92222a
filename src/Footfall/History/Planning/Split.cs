using Footfall.Words;

namespace Footfall.History.Planning;

/// <summary>A period, divided by what can answer for its days.</summary>
/// <param name="SiteId">The number of the site in the store; -1 for one without hits.</param>
/// <param name="Months">The first days of whole months that are added up.</param>
/// <param name="MonthDays">The days of these months.</param>
/// <param name="Closed">The other whole days that are added up.</param>
/// <param name="Open">Days whose visits are made of their hits.</param>
/// <param name="Cut">Days that are added up, but of which the period has only a part.</param>
/// <param name="Within">The period where it isn't whole days.</param>
internal sealed record Split(
    int SiteId, IReadOnlyList<int> Months, DaySet MonthDays, DaySet Closed, DaySet Open, DaySet Cut, (long From, long Until)? Within)
{
    public static Split Of(Snapshot snapshot, Site site, Period period)
    {
        var parameters = new Parameters();
        var siteId = snapshot.Read($"SELECT id FROM sites WHERE domain = {parameters.Add(site.Domain)}", parameters, row => row.GetInt32(0))
            .DefaultIfEmpty(-1).First();
        var first = period.Days?.First ?? site.DayOf(period.From);
        var last = period.Days?.Last ?? (period.Until > period.From ? site.DayOf(period.Until - 1) : first - 1);
        if (first > last) return new Split(siteId, [], DaySet.None, DaySet.None, DaySet.None, DaySet.None, (period.From, period.Until));
        var between = $"site = {siteId} AND day BETWEEN {DaySet.Date(first)} AND {DaySet.Date(last)}";
        var open = snapshot.Read($"SELECT DISTINCT (day - {Columns.Epoch})::INTEGER FROM open_days WHERE {between}", null, row => row.GetInt32(0)).ToHashSet();
        var months = snapshot.Read(
            $"SELECT DISTINCT (month - {Columns.Epoch})::INTEGER FROM closed_months WHERE {between.Replace(" day ", " month ", StringComparison.Ordinal)}",
            null, row => row.GetInt32(0)).ToHashSet();

        var cut = new SortedSet<int>();
        if (period.Days is null)
        {
            if (site.DayOf(period.From - 1) == first) cut.Add(first);
            if (site.DayOf(period.Until) == last) cut.Add(last);
        }
        months.RemoveWhere(month => DaySet.FirstOfNextMonth(month) - 1 > last);
        months.RemoveWhere(month => open.Concat(cut).Any(day => DaySet.FirstOfMonth(day) == month));
        var days = Enumerable.Range(first, last - first + 1).ToLookup(day =>
            open.Contains(day) ? Kind.Open : cut.Contains(day) ? Kind.Cut : months.Contains(DaySet.FirstOfMonth(day)) ? Kind.Month : Kind.Closed);
        return new Split(
            siteId, [.. months.Order()], DaySet.Of(days[Kind.Month]), DaySet.Of(days[Kind.Closed]), DaySet.Of(days[Kind.Open]), DaySet.Of(days[Kind.Cut]),
            cut.Count > 0 ? (period.From, period.Until) : null);
    }

    /// <summary>The conditions of the rollups' rows that cover what is added up: of months where they serve, and of the days beside them.</summary>
    /// <param name="byMonth">Whether no row is of a shorter time than a month.</param>
    public IEnumerable<string> Rollups(bool byMonth)
    {
        var months = byMonth && Months.Count > 0;
        if (months) yield return $"site = {SiteId} AND grain = 1 AND day IN ({string.Join(", ", Months.Select(DaySet.Date))})";
        var days = months ? Closed : Rolled;
        if (!days.IsEmpty) yield return $"site = {SiteId} AND grain = 0 AND ({days.Sql("day")})";
    }

    /// <summary>What remains of the period beside its rollups.</summary>
    public Slice Rest => new(SiteId, Cut, Open, Within);

    /// <summary>All of the period.</summary>
    public Slice Whole => new(SiteId, Rolled.And(Cut), Open, Within);

    /// <summary>The whole days that are added up.</summary>
    public DaySet Rolled => Closed.And(MonthDays);

    private enum Kind
    {
        Closed,
        Month,
        Open,
        Cut,
    }
}

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
        var parts = new List<string>();
        if (!Closed.IsEmpty) parts.Add($"SELECT *, {Steps("funnel", 1 << 3, 1 << 7, 1 << 15)} FROM visits WHERE site = {SiteId} AND ({Closed.Sql("day")})");
        if (!Open.IsEmpty)
        {
            var days = $"site = {SiteId} AND ({Open.Sql("day")})";
            if (sums) parts.Add(VisitsOfDays.Sql(days, $", {Steps("kinds", 1 << 3, 1 << 5, 1 << 6)}"));
            else parts.AddRange([$"SELECT {Attributes} FROM opened WHERE {days}", $"SELECT {Attributes} FROM visits WHERE {days}"]);
            if (!sums && !Closed.IsEmpty) parts[0] = parts[0].Replace($"*, {Steps("funnel", 1 << 3, 1 << 7, 1 << 15)}", Attributes, StringComparison.Ordinal);
        }
        return parts.Count == 0 ? "(SELECT *, false AS cart, false AS checkout, false AS buyer FROM visits WHERE false)" : $"({string.Join(" UNION ALL ", parts)})";
    }

    private const string Attributes =
        "site, day, visit, visitor, start, zone, country, source, channel, referrer, utm_source, utm_medium, utm_campaign, utm_content, utm_term, browser, browser_version, os, os_version, device, screen, language";

    private DaySet All => Closed.And(Open);

    private static string Steps(string column, int cart, int checkout, int buyer) =>
        $"({column} & {cart}) <> 0 AS cart, ({column} & {checkout}) <> 0 AS checkout, ({column} & {buyer}) <> 0 AS buyer";
}
