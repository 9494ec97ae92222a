using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>Runs a funnel query, from the stored step sets of visits or from the hits of each step.</summary>
internal sealed class FunnelQueryExecutor
{
    private static readonly string[] KnownSteps = ["page_view", "view_item", "add_to_cart", "begin_checkout", "purchase"];

    private readonly FunnelQuery _query;
    private readonly TextDictionary _dictionary;
    private readonly PeriodPartition _partition;
    private readonly SqlParameters _parameters = new();
    private readonly Grouping _grouping;

    public FunnelQueryExecutor(Snapshot snapshot, FunnelQuery query)
    {
        (_query, _dictionary) = (query, new TextDictionary(snapshot));
        _partition = PeriodPartition.Load(snapshot, query.Site, query.Period);
        _grouping = new Grouping(query.Dimension is { } dimension ? [dimension] : [], query.Filter);
    }

    public FunnelStats Execute()
    {
        var statements = FindStepSets() is { } sets ? BuildFromSets(sets) : BuildFromHits(_partition.All);
        var steps = Enumerable.Range(0, _query.Steps.Count).ToList();
        var sums = string.Join(", ", steps.Select(step => $"coalesce(sum(c{step}), 0)::BIGINT AS c{step}"));
        if (statements.Count == 0)
            statements = [$"SELECT 0::BIGINT AS d, {string.Join(", ", steps.Select(step => $"0 AS c{step}"))} WHERE false"];
        var of = string.Join("\nUNION ALL\n", statements);
        if (_query.Dimension is not { } dimension)
            return new FunnelStats(_dictionary.Snapshot.Read($"SELECT {sums} FROM ({of})", _parameters, row =>
                new FunnelRow("", [.. steps.Select(row.GetInt64)])));

        var sql = $"""
            WITH g AS (SELECT d, {sums} FROM ({of}) GROUP BY d HAVING sum(c0) > 0)
            SELECT d, {string.Join(", ", steps.Select(step => $"c{step}"))}, coalesce(text, '') AS label
            FROM g LEFT JOIN texts ON id = d
            ORDER BY c0 DESC, {(DimensionColumns.IsText(dimension.Kind) ? "label" : "d")} LIMIT {_parameters.Add((long)_query.Limit)}
            """;
        return new FunnelStats(_dictionary.Snapshot.Read(sql, _parameters, row => new FunnelRow(
            DimensionLabels.Format(dimension.Kind, row.GetInt64(0), () => row.GetString(steps.Count + 1)),
            [.. steps.Select(step => row.GetInt64(step + 1))])));
    }

    /// <summary>For each step, the set of it and those before, if all are known steps in their order; otherwise null.</summary>
    private List<int>? FindStepSets()
    {
        if (_partition.TimeBounds is not null || _grouping.NeedsHits || _grouping.Has(DimensionKind.Hour)
            || _grouping.Has(DimensionKind.Minute) || FilterTree.ContainsHasDone(_query.Filter)) return null;
        var sets = new List<int>();
        int set = 0, last = -1;
        foreach (var step in _query.Steps)
        {
            if (step is not Filter.Comparison
                {
                    Dimension.Kind: DimensionKind.EventName or DimensionKind.Goal, Operator: FilterOperator.Is,
                    CaseSensitive: true, Values: [var name]
                } compare) return null;
            var index = Array.IndexOf(KnownSteps, name);
            if (index <= last || (index == 0 && compare.Dimension.Kind == DimensionKind.Goal)) return null;
            last = index;
            set |= 1 << index;
            sets.Add(set);
        }
        return sets;
    }

    private List<string> BuildFromSets(List<int> sets)
    {
        var statements = new List<string>();
        var choice = RollupChoice.Find(_grouping.Dimensions, _grouping.Filter) is { Rollup.HasFunnel: true } known ? known : null;
        if (choice is not null)
        {
            var dimension = RollupChoice.DimensionExpressions(_grouping.Dimensions).DefaultIfEmpty("0").Single();
            var where = choice.Where(_dictionary, _parameters, _grouping.Dimensions);
            foreach (var rows in _partition.RollupConditions(_grouping.FitsMonths))
                Add(dimension, "sum(visits)", "funnel", $"{choice.Rollup.FunnelsFrom} AND {rows} AND {where}");
        }
        var range = choice is null ? _partition.All : _partition.NotRolledUp;
        if (!range.Closed.IsEmpty)
        {
            var rows = new VisitSql(_dictionary, _parameters, range with { Open = DaySet.None }, _grouping, sums: true);
            Add(rows.Dimensions.DefaultIfEmpty("0").Single(), "count(*)", "v.funnel", rows.From);
        }
        // Building the sets of open visits takes four times as long as searching for the few requested steps.
        statements.AddRange(BuildFromHits(range with { Closed = DaySet.None }));
        return statements;

        void Add(string dimension, string visits, string funnel, string from) => statements.Add(
            $"SELECT ({dimension})::BIGINT AS d, " +
            $"{string.Join(", ", sets.Select((set, i) => $"coalesce({visits} FILTER ({funnel} & {FunnelSteps.Bit(set)} <> 0), 0)::BIGINT " +
                $"AS c{i}"))} {from} GROUP BY 1");
    }

    /// <summary>
    /// The earliest hit of the first step, then the earliest one of the next step after it, and so on. A repeated purchase is not a step,
    /// as in the sets.
    /// </summary>
    private List<string> BuildFromHits(ScanRange range)
    {
        if (range.IsEmpty) return [];
        var ofHit = _query.Dimension is { } dimension && DimensionColumns.IsOfHit(dimension.Kind);
        List<string> hits = [.. _query.Steps.Select((step, i) =>
        {
            var rows = new HitSql(_dictionary, _parameters, range, i == 0 && ofHit ? _grouping.Dimensions : [], step, where: "h.kind <> 9");
            // Hits of the same millisecond are in row order; rows built from items come last.
            var order = rows.HasItems ? "1099511627775" : "h.rowid";
            return $"SELECT h.visit, {i} AS step, h.time::HUGEINT * 1099511627776 + {order} AS moment, " +
                $"{rows.Dimensions.DefaultIfEmpty("0").Single()} AS seen{rows.From}";
        })];
        var lists = string.Concat(Enumerable.Range(1, hits.Count - 1).Select(i => $", list(moment) FILTER (step = {i}) AS l{i}"));
        var sql = $"SELECT visit, min(moment) FILTER (step = 0) AS t0, arg_min(seen, moment) FILTER (step = 0) AS seen{lists} FROM " +
            $"({string.Join(" UNION ALL ", hits)}) GROUP BY visit HAVING t0 IS NOT NULL";
        for (var i = 1; i < hits.Count; i++)
            sql = $"SELECT *, list_min(list_filter(l{i}, moment -> moment > t{i - 1})) AS t{i} FROM ({sql})";

        var counts = string.Join(", ", Enumerable.Range(0, hits.Count).Select(i => $"count(s.t{i})::BIGINT AS c{i}"));
        if (_query.Filter is null && range.TimeBounds is null && (ofHit || _query.Dimension is null))
            return [$"SELECT s.seen::BIGINT AS d, {counts} FROM ({sql}) s GROUP BY 1"];
        var visits = new VisitSql(_dictionary, _parameters, range, _grouping with { Dimensions = ofHit ? [] : _grouping.Dimensions },
            sums: false);
        var value = visits.Dimensions.DefaultIfEmpty("0").Single();
        return [$"SELECT {(ofHit ? "s.seen" : "w.d")}::BIGINT AS d, {counts} FROM ({sql}) s JOIN (SELECT v.visit, {value} AS d " +
            $"{visits.From}) w ON w.visit = s.visit GROUP BY 1"];
    }
}
