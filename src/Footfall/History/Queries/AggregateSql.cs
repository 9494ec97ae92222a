namespace Footfall.History.Queries;

/// <summary>
/// The sums of measures by dimension, as statements whose rows are added up: of rollups, of visits, of hits, of items, of bots.
/// </summary>
internal sealed class AggregateSql(TextDictionary dictionary, SqlParameters parameters, PeriodPartition partition,
    IReadOnlyList<Measure> measures)
{
    private readonly List<string> _statements = [];

    /// <summary>
    /// A statement with the columns <c>d0</c>, <c>d1</c>, … for the dimensions and <c>m0</c>, <c>m1</c>, … for the measures, once a group
    /// that has any.
    /// </summary>
    public static string Build(TextDictionary dictionary, SqlParameters parameters, PeriodPartition partition, Grouping grouping,
        IReadOnlyList<Measure> measures)
    {
        var aggregates = new AggregateSql(dictionary, parameters, partition, measures);
        aggregates.Add(grouping);
        var dimensions = string.Concat(Enumerable.Range(0, grouping.Dimensions.Count).Select(i => $"d{i}, "));
        var sums = string.Join(", ", measures.Select((measure, i) => $"coalesce(sum(m{i}), 0)::{measure.Get().SqlType} AS m{i}"));
        var of = aggregates._statements.Count == 0 ? aggregates.SelectNothing(grouping.Dimensions.Count)
            : string.Join("\nUNION ALL\n", aggregates._statements);
        var group = grouping.Dimensions.Count == 0 ? ""
            // A page that no visit ended on is not an exit page, however often it was seen.
            : $" GROUP BY ALL HAVING " +
                $"{string.Join(" OR ", measures.Select((measure, i) => measure == Measure.ExitViews ? "false" : $"sum(m{i}) <> 0"))}";
        return $"SELECT {dimensions}{sums} FROM (\n{of}\n){group}";
    }

    private void Add(Grouping grouping)
    {
        if (measures.Contains(Measure.Bots)) AddBots(grouping);
        if (grouping.Has(DimensionKind.BotReason)) return;
        Add(grouping, Of(PageRole.Viewed));
        Add(grouping.ByEntryPage, Of(PageRole.Entered));
        Add(grouping.ByExitPage, Of(PageRole.Left));
        Add(grouping.ByViewedPage, Of(PageRole.ViewedOfLeft));

        HashSet<Measure> Of(PageRole role) =>
            [.. measures.Where(measure => measure.Get() is { Source: not MeasureSource.Bots } definition && RoleOf(definition) == role)];

        // Without a page, visits are not grouped by the one they entered at.
        PageRole RoleOf(MeasureDefinition definition) =>
            definition.Page == PageRole.Entered && !grouping.HasPage ? PageRole.Viewed : definition.Page;
    }

    private void Add(Grouping grouping, HashSet<Measure> wantedMeasures)
    {
        if (wantedMeasures.Count == 0) return;
        var choice = !partition.HasRollups ? null : RollupChoice.Find(grouping.Dimensions, grouping.Filter);
        var rolled = wantedMeasures.Where(measure => choice is not null && measure.Get().IsExact(choice)).ToHashSet();
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
        var counts = wantedMeasures.Where(measure => measure != Measure.Units)
            .ToDictionary(measure => measure, measure => measure.Get().RollupColumn);
        if (counts.Count > 0)
        {
            // Most countries sell nothing on most days: what has nothing to add is left where it is.
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
        var ofVisits = wantedMeasures.Where(measure => measure.Get().Source == MeasureSource.Visits).ToHashSet();
        var ofHits = wantedMeasures.Where(measure => measure.Get().Source == MeasureSource.Hits).ToHashSet();
        // A whole visit has the totals of its hits, but not their hours.
        if (!grouping.NeedsHits && range.TimeBounds is null && !grouping.Has(DimensionKind.Hour) && !grouping.Has(DimensionKind.Minute))
        {
            ofVisits.UnionWith(ofHits);
            ofHits.Clear();
        }
        if (ofVisits.Count > 0) AddVisitScan(range, grouping, ofVisits);
        if (ofHits.Count > 0)
        {
            var rows = new HitSql(dictionary, parameters, range, grouping.Dimensions, grouping.Filter);
            AddGrouped(rows.Dimensions, ofHits.ToDictionary(measure => measure, measure => measure.Get().HitSql(rows.HasItems)),
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
            sums: wantedMeasures.Any(measure => measure.Get().NeedsVisitSums));
        AddGrouped(rows.Dimensions, wantedMeasures.ToDictionary(measure => measure, measure => measure.Get().VisitSql), rows.From);
    }

    private void AddBots(Grouping grouping)
    {
        if (BotSql.Build(dictionary, parameters, partition, grouping) is not { } bots) return;
        foreach (var (dimensions, count, from) in bots) AddGrouped(dimensions, new() { [Measure.Bots] = count }, from);
    }

    private void AddGrouped(string[] dimensions, Dictionary<Measure, string> values, string from) =>
        AddSelect(dimensions, values, $"{from}{(dimensions.Length == 0 ? "" : " GROUP BY ALL")}");

    /// <summary>Rows that are added up with those of the other statements only, once.</summary>
    private void AddSelect(string[] dimensions, Dictionary<Measure, string> values, string from)
    {
        var groups = string.Concat(dimensions.Select((dimension, i) => $"({dimension})::BIGINT AS d{i}, "));
        var sums = string.Join(", ", measures.Select((measure, i) =>
            $"{(values.TryGetValue(measure, out var value) ? $"coalesce({value}, 0)" : "0")}::{measure.Get().SqlType} AS m{i}"));
        _statements.Add($"SELECT {groups}{sums} {from}");
    }

    private string SelectNothing(int dimensions) =>
        $"SELECT {string.Concat(Enumerable.Range(0, dimensions).Select(i => $"0::BIGINT AS d{i}, "))}" +
        $"{string.Join(", ", measures.Select((measure, i) => $"0::{measure.Get().SqlType} AS m{i}"))} WHERE false";
}
