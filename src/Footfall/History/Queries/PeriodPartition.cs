using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>A period, divided by the source of its days.</summary>
/// <param name="SiteId">The number of the site in the store; -1 for one without hits.</param>
/// <param name="Months">The first days of whole months that are rolled up.</param>
/// <param name="MonthDays">The days of these months.</param>
/// <param name="Closed">The other whole days that are rolled up.</param>
/// <param name="Open">Days whose visits are built from hits.</param>
/// <param name="Late">Open days whose earlier hits retention has deleted: they are rolled up, and late hits are added.</param>
/// <param name="Partial">Rolled-up days that are only partly in the period.</param>
/// <param name="TimeBounds">The period, if it isn't whole days.</param>
internal sealed record PeriodPartition(
    int SiteId, IReadOnlyList<int> Months, DaySet MonthDays, DaySet Closed, DaySet Open, DaySet Late, DaySet Partial,
    (long From, long Until)? TimeBounds)
{
    public static PeriodPartition Load(Snapshot snapshot, Site site, Period period)
    {
        var first = period.Days?.First ?? site.DayOf(period.From);
        var last = period.Days?.Last ?? (period.Until > period.From ? site.DayOf(period.Until - 1) : first - 1);
        var (siteId, open, late, months) = Read(snapshot, site, first, last);
        if (first > last) return new PeriodPartition(siteId, [], DaySet.None, DaySet.None, DaySet.None, DaySet.None, DaySet.None,
            (period.From, period.Until));

        var partial = new SortedSet<int>();
        if (period.Days is null)
        {
            if (site.DayOf(period.From - 1) == first) partial.Add(first);
            if (site.DayOf(period.Until) == last) partial.Add(last);
        }
        months.RemoveWhere(month => DaySet.FirstOfNextMonth(month) - 1 > last);
        months.RemoveWhere(month => open.Concat(partial).Any(day => DaySet.FirstOfMonth(day) == month));
        var days = Enumerable.Range(first, last - first + 1).ToLookup(day =>
            open.Contains(day) ? Kind.Open : partial.Contains(day) ? Kind.Partial : months.Contains(DaySet.FirstOfMonth(day)) ? Kind.Month
                : Kind.Closed);
        return new PeriodPartition(
            siteId, [.. months.Order()], DaySet.Of(days[Kind.Month]), DaySet.Of(days[Kind.Closed]), DaySet.Of(days[Kind.Open]),
            DaySet.Of(days[Kind.Open].Where(day => late.Contains(day) && !partial.Contains(day))), DaySet.Of(days[Kind.Partial]),
            partial.Count > 0 ? (period.From, period.Until) : null);
    }

    /// <summary>The conditions on rollup rows: months where possible, and the remaining days.</summary>
    /// <param name="byMonth">Whether no result row covers less than a month.</param>
    public IEnumerable<string> RollupConditions(bool byMonth)
    {
        var months = byMonth && Months.Count > 0;
        if (months) yield return $"site = {SiteId} AND grain = 1 AND day IN ({string.Join(", ", Months.Select(DaySet.DateLiteral))})";
        var days = (months ? Closed : RolledUp).Union(Late);
        if (!days.IsEmpty) yield return $"site = {SiteId} AND grain = 0 AND ({days.Condition("day")})";
    }

    /// <summary>Whether anything is rolled up.</summary>
    public bool HasRollups => !Closed.IsEmpty || !Late.IsEmpty || Months.Count > 0;

    /// <summary>The rest of the period, without rollups.</summary>
    public ScanRange NotRolledUp => new(SiteId, Partial, Open, TimeBounds);

    /// <summary>The whole period.</summary>
    public ScanRange All => new(SiteId, RolledUp.Union(Partial), Open, TimeBounds);

    /// <summary>The whole days that are rolled up.</summary>
    public DaySet RolledUp => Closed.Union(MonthDays);

    /// <summary>One statement: each costs a millisecond, however little it reads.</summary>
    private static (int SiteId, HashSet<int> Open, HashSet<int> Late, HashSet<int> Months) Read(Snapshot snapshot, Site site, int first,
        int last)
    {
        var parameters = new SqlParameters();
        var between = $"BETWEEN {DaySet.DateLiteral(first)} AND {DaySet.DateLiteral(last)}";
        var rows = snapshot.Read($"""
            WITH s AS (SELECT id FROM sites WHERE domain = {parameters.Add(site.Domain)})
            SELECT 0, id FROM s
            UNION ALL SELECT 1, (day - {DimensionColumns.Epoch})::INTEGER FROM open_days WHERE site IN (FROM s) AND day {between}
            UNION ALL SELECT 3, (day - {DimensionColumns.Epoch})::INTEGER FROM removed_days WHERE site IN (FROM s) AND day {between}
            AND day IN (SELECT day FROM open_days WHERE site IN (FROM s))
            UNION ALL SELECT 2, (month - {DimensionColumns.Epoch})::INTEGER FROM closed_months WHERE site IN (FROM s) AND month {between}
            """, parameters, row => (What: row.GetInt32(0), Number: row.GetInt32(1)));
        HashSet<int> Of(int what) => [.. rows.Where(row => row.What == what).Select(row => row.Number)];
        return (Of(0).DefaultIfEmpty(-1).First(), Of(1), Of(3), Of(2));
    }

    private enum Kind
    {
        Closed,
        Month,
        Open,
        Partial,
    }
}
