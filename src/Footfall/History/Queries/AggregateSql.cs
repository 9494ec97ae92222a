namespace Footfall.History.Queries;

/// <summary>
/// SQL for the sums of measures by dimension, as statements whose rows are added: over rollups, visits, hits, items and bots.
/// </summary>
internal sealed class AggregateSql(TextDictionary dictionary, SqlParameters parameters, PeriodPartition partition,
    IReadOnlyList<Measure> measures)
{
    private readonly List<string> _statements = [];

    /// <summary>
    /// A statement with the columns <c>d0</c>, <c>d1</c>, … for the dimensions and <c>m0</c>, <c>m1</c>, … for the measures; one row for
    /// each group with data.
    /// </summary>
    public static string Build(TextDictionary dictionary, SqlParameters parameters, PeriodPartition partition, Grouping grouping,
        IReadOnlyList<Measure> measures)
    {
        var aggregates = new AggregateSql(dictionary, parameters, partition, measures);
        aggregates.Add(grouping);
        var dimensions = string.Concat(Enumerable.Range(0, grouping.Dimensions.Count).Select(i => $"d{i}, "));
        var sums = string.Join(", ", measures.Select((measure, i) => $"coalesce(sum(m{i}), 0)::{SqlType(measure)} AS m{i}"));
        var of = aggregates._statements.Count == 0 ? aggregates.SelectNothing(grouping.Dimensions.Count)
            : string.Join("\nUNION ALL\n", aggregates._statements);
        var group = grouping.Dimensions.Count == 0 ? ""
            // A page on which no visit ended is not an exit page, however often it was viewed.
            : $" GROUP BY ALL HAVING " +
                $"{string.Join(" OR ", measures.Select((measure, i) => measure == Measure.ExitViews ? "false" : $"sum(m{i}) <> 0"))}";
        return $"SELECT {dimensions}{sums} FROM (\n{of}\n){group}";
    }

    private static string SqlType(Measure measure) => measure == Measure.Units ? "DECIMAL(38, 6)" : "BIGINT";

    private void Add(Grouping grouping)
    {
        var bots = measures.Where(measure => measure == Measure.Bots).ToHashSet();
        if (bots.Count > 0) AddBots(grouping);
        var entryMeasures = grouping.HasPage ? measures.Where(measure => measure.IsOfEntry()).ToHashSet() : [];
        var exitMeasures = measures.Where(measure => measure == Measure.Exits).ToHashSet();
        var viewMeasures = measures.Where(measure => measure == Measure.ExitViews).ToHashSet();
        var otherMeasures = measures.Where(measure =>
            measure is not (Measure.Exits or Measure.ExitViews or Measure.Bots) && !entryMeasures.Contains(measure)).ToHashSet();
        if (grouping.Has(DimensionKind.BotReason)) return;
        Add(grouping, otherMeasures);
        Add(grouping.ByEntryPage, entryMeasures);
        Add(grouping.ByExitPage, exitMeasures);
        Add(grouping.ByViewedPage, viewMeasures);
    }

    private void Add(Grouping grouping, HashSet<Measure> wantedMeasures)
    {
        if (wantedMeasures.Count == 0) return;
        var choice = !partition.HasRollups ? null : RollupChoice.Find(grouping.Dimensions, grouping.Filter);
        var rolled = wantedMeasures.Where(measure => choice?.IsExact(measure) == true).ToHashSet();
        if (rolled.Count > 0)
        {
            AddRollup(choice!, grouping, rolled);
            if (!partition.NotRolledUp.IsEmpty) AddScan(partition.NotRolledUp, grouping, rolled);
        }
        var scanned = wantedMeasures.Except(rolled).ToHashSet();
        if (scanned.Count > 0 && !partition.All.IsEmpty) AddScan(partition.All, grouping, scanned);
    }

    private void AddRollup(RollupChoice choice, Grouping grouping, HashSet<Measure> wantedMeasures)
    {
        var where = choice.Where(dictionary, parameters, grouping.Dimensions);
        var groups = RollupChoice.DimensionExpressions(grouping.Dimensions);
        var counts = wantedMeasures.Where(measure => measure != Measure.Units).ToDictionary(measure => measure, RollupColumn);
        if (counts.Count > 0)
        {
            // Most countries have no sales on most days: rows without amounts are skipped.
            var some = string.Join(" OR ", counts.Values.Distinct().Select(column => $"{column} <> 0"));
            foreach (var rows in partition.RollupConditions(grouping.FitsMonths))
                AddSelect(groups, counts, $"{choice.Rollup.CountsFrom} AND {rows} AND {where} AND ({some})");
        }
        if (wantedMeasures.Contains(Measure.Units))
        {
            foreach (var rows in partition.RollupConditions(grouping.FitsMonths))
                AddSelect(groups, new() { [Measure.Units] = "units" }, $"{choice.Rollup.MoneyFrom} AND {rows} AND {where} AND units <> 0");
        }
    }

    private void AddScan(ScanRange range, Grouping grouping, HashSet<Measure> wantedMeasures)
    {
        var ofVisits = wantedMeasures.Where(measure => measure.IsOfVisit()).ToHashSet();
        var ofHits = wantedMeasures.Where(measure => !measure.IsOfVisit() && measure != Measure.Units).ToHashSet();
        // A visit row has the sums of its hits, but not their hours.
        if (!grouping.NeedsHits && range.TimeBounds is null && !grouping.Has(DimensionKind.Hour) && !grouping.Has(DimensionKind.Minute))
        {
            ofVisits.UnionWith(ofHits);
            ofHits.Clear();
        }
        if (ofVisits.Count > 0) AddVisitScan(range, grouping, ofVisits);
        if (ofHits.Count > 0)
        {
            var rows = new HitSql(dictionary, parameters, range, grouping.Dimensions, grouping.Filter);
            AddGrouped(rows.Dimensions, ofHits.ToDictionary(measure => measure, measure => HitAggregate(measure, rows.HasItems)),
                rows.From);
        }
        if (wantedMeasures.Contains(Measure.Units))
        {
            var rows = new UnitSql(dictionary, parameters, range, grouping);
            AddGrouped(rows.Dimensions, new() { [Measure.Units] = rows.Units }, rows.From);
        }
    }

    private void AddVisitScan(ScanRange range, Grouping grouping, HashSet<Measure> wantedMeasures)
    {
        var rows = new VisitSql(dictionary, parameters, range, grouping,
            sums: wantedMeasures.Any(measure => measure is not (Measure.Visitors or Measure.Visits or Measure.Entries)));
        AddGrouped(rows.Dimensions, wantedMeasures.ToDictionary(measure => measure, VisitAggregate), rows.From);
    }

    private void AddBots(Grouping grouping)
    {
        if (BotSql.Build(dictionary, parameters, partition, grouping) is not { } bots) return;
        foreach (var (dimensions, count, from) in bots) AddGrouped(dimensions, new() { [Measure.Bots] = count }, from);
    }

    private void AddGrouped(string[] dimensions, Dictionary<Measure, string> values, string from) =>
        AddSelect(dimensions, values, $"{from}{(dimensions.Length == 0 ? "" : " GROUP BY ALL")}");

    /// <summary>Rows that are summed only together with those of the other statements.</summary>
    private void AddSelect(string[] dimensions, Dictionary<Measure, string> values, string from)
    {
        var groups = string.Concat(dimensions.Select((dimension, i) => $"({dimension})::BIGINT AS d{i}, "));
        var sums = string.Join(", ", measures.Select((measure, i) =>
            $"{(values.TryGetValue(measure, out var value) ? $"coalesce({value}, 0)" : "0")}::{SqlType(measure)} AS m{i}"));
        _statements.Add($"SELECT {groups}{sums} {from}");
    }

    private string SelectNothing(int dimensions) =>
        $"SELECT {string.Concat(Enumerable.Range(0, dimensions).Select(i => $"0::BIGINT AS d{i}, "))}" +
        $"{string.Join(", ", measures.Select((measure, i) => $"0::{SqlType(measure)} AS m{i}"))} WHERE false";

    private static string RollupColumn(Measure measure) => measure switch
    {
        Measure.Visitors => "visitors",
        Measure.Pageviews or Measure.EntryViews or Measure.ExitViews => "pageviews",
        Measure.Events => "events",
        Measure.Orders => "orders",
        Measure.Carts => "carts",
        Measure.Checkouts => "checkouts",
        Measure.Buyers => "buyers",
        Measure.CartBuyers => "cart_buyers",
        Measure.Bounces => "bounces",
        Measure.Duration => "duration",
        _ => "visits",
    };

    private static string VisitAggregate(Measure measure) => measure switch
    {
        Measure.Visitors => "count(DISTINCT v.visitor)",
        Measure.Pageviews or Measure.EntryViews or Measure.ExitViews => "sum(v.pageviews)",
        Measure.Events => "sum(v.events)",
        Measure.Orders => "sum(v.orders)",
        Measure.Carts => "sum(v.cart::INTEGER)",
        Measure.Checkouts => "sum(v.checkout::INTEGER)",
        Measure.Buyers => "sum(v.buyer::INTEGER)",
        Measure.CartBuyers => "sum((v.cart AND v.buyer)::INTEGER)",
        Measure.Bounces => "sum(v.bounce)",
        Measure.Duration => "sum(v.duration)",
        _ => "count(*)",
    };

    /// <summary>In rows of items, each hit counts once.</summary>
    private static string HitAggregate(Measure measure, bool items) => (measure, items) switch
    {
        (Measure.Visitors, _) => "count(DISTINCT h.visitor)",
        (Measure.Pageviews or Measure.ExitViews, false) => "sum((h.kind = 1)::INTEGER)",
        (Measure.Orders, false) => "sum((h.kind = 6)::INTEGER)",
        (_, false) => "count(*)",
        (Measure.Pageviews or Measure.ExitViews, true) => $"count(DISTINCT {HitSql.HitKey}) FILTER (h.kind = 1)",
        (Measure.Orders, true) => $"count(DISTINCT {HitSql.HitKey}) FILTER (h.kind = 6)",
        (_, true) => $"count(DISTINCT {HitSql.HitKey})",
    };
}
