using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>Days to scan.</summary>
/// <param name="Closed">Days with rows in <c>visits</c>.</param>
/// <param name="Open">Days whose visits are built from hits.</param>
/// <param name="TimeBounds">Unix milliseconds, if some days are partial.</param>
internal sealed record ScanRange(int SiteId, DaySet Closed, DaySet Open, (long From, long Until)? TimeBounds)
{
    public bool IsEmpty => Closed.IsEmpty && Open.IsEmpty;

    /// <summary>A condition on rows with a site and a day.</summary>
    /// <param name="alias">The name of the rows, with its dot; or empty.</param>
    public string DayCondition(string alias) => $"{alias}site = {SiteId} AND ({AllDays.Condition($"{alias}day")})";

    /// <summary>A condition on rows with a site, a day and a time.</summary>
    public string Condition(string alias, string time = "time") => $"{DayCondition(alias)}{TimeCondition($"{alias}{time}")}";

    public string TimeCondition(string time) => TimeBounds is var (from, until) ? $" AND {time} >= {from} AND {time} < {until}" : "";

    /// <summary>Whole visits, as a table in parentheses.</summary>
    /// <param name="sums">Whether their sums are needed too, besides the properties from the first hit.</param>
    public string VisitTable(bool sums)
    {
        var closed = sums
            ? SumColumns + ", " + StepColumns("funnel",
                FunnelSteps.Bit(FunnelSteps.Cart), FunnelSteps.Bit(FunnelSteps.Checkout), FunnelSteps.Bit(FunnelSteps.Purchase))
            : AttributeColumns;
        var selects = new List<string>();
        if (!Closed.IsEmpty || Open.IsEmpty)
            selects.Add($"SELECT {closed} FROM visits WHERE site = {SiteId} AND ({Closed.Condition("day")})");
        var days = $"site = {SiteId} AND ({Open.Condition("day")})";
        // For open visits, the column funnel takes most of the query's time; single steps are known without it.
        if (!Open.IsEmpty && sums)
            selects.Add($"SELECT {SumColumns}, cart, checkout, buyer FROM " +
                $"({VisitsFromHits.SelectWithoutFunnel(days, $", {StepColumns("kinds", 1 << 3, 1 << 5, 1 << 6)}")})");
        if (!Open.IsEmpty && !sums) selects.AddRange(
            [$"SELECT {AttributeColumns} FROM opened WHERE {days}", $"SELECT {AttributeColumns} FROM visits WHERE {days}"]);
        return $"({string.Join(" UNION ALL ", selects)})";
    }

    private const string AttributeColumns = "site, day, visit, visitor, start, zone, country, " + DimensionColumns.VisitAttributeList;

    // For open visits, funnel is 0: it is not built here.
    private const string SumColumns = AttributeColumns
        + ", entry_page, exit_page, entry_host, exit_host, pageviews, events, duration, bounce, funnel, orders, refunds";

    private DaySet AllDays => Closed.Union(Open);

    private static string StepColumns(string column, int cart, int checkout, int buyer) =>
        $"({column} & {cart}) <> 0 AS cart, ({column} & {checkout}) <> 0 AS checkout, ({column} & {buyer}) <> 0 AS buyer";
}
