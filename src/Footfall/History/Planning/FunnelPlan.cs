using Footfall.History.Store;

namespace Footfall.History.Planning;

/// <summary>Makes an answer of a question about a funnel: from the sets of steps that visits are known to have done, or from the hits of each step.</summary>
internal sealed class FunnelPlan
{
    private static readonly string[] Known = ["page_view", "view_item", "add_to_cart", "begin_checkout", "purchase"];

    private readonly FunnelQuestion _question;
    private readonly Lookup _lookup;
    private readonly Split _split;
    private readonly Parameters _parameters = new();
    private readonly Variant _variant;

    public FunnelPlan(Snapshot snapshot, FunnelQuestion question)
    {
        (_question, _lookup) = (question, new Lookup(snapshot));
        _split = Split.Of(snapshot, question.Site, question.Period);
        _variant = new Variant(question.Dimension is { } dimension ? [dimension] : [], question.Filter);
    }

    public FunnelAnswer Answer()
    {
        var statements = Sets() is { } sets ? OfSets(sets) : OfHits(_split.Whole);
        var steps = Enumerable.Range(0, _question.Steps.Count).ToList();
        var sums = string.Join(", ", steps.Select(step => $"coalesce(sum(c{step}), 0)::BIGINT AS c{step}"));
        if (statements.Count == 0) statements = [$"SELECT 0::BIGINT AS d, {string.Join(", ", steps.Select(step => $"0 AS c{step}"))} WHERE false"];
        var of = string.Join("\nUNION ALL\n", statements);
        if (_question.Dimension is not { } dimension)
            return new FunnelAnswer(_lookup.Snapshot.Read($"SELECT {sums} FROM ({of})", _parameters, row => new FunnelRow("", [.. steps.Select(row.GetInt64)])));

        var sql = $"""
            WITH g AS (SELECT d, {sums} FROM ({of}) GROUP BY d HAVING sum(c0) > 0)
            SELECT d, {string.Join(", ", steps.Select(step => $"c{step}"))}, coalesce(text, '') AS label
            FROM g LEFT JOIN texts ON id = d
            ORDER BY c0 DESC, {(Columns.IsText(dimension.Kind) ? "label" : "d")} LIMIT {_parameters.Add((long)_question.Limit)}
            """;
        return new FunnelAnswer(_lookup.Snapshot.Read(sql, _parameters, row => new FunnelRow(
            Labels.Of(dimension.Kind, row.GetInt64(0), () => row.GetString(steps.Count + 1)), [.. steps.Select(step => row.GetInt64(step + 1))])));
    }

    /// <summary>For each step the set of it and those before, where all are known steps in their order; otherwise null.</summary>
    private List<int>? Sets()
    {
        if (_split.Within is not null || _variant.OfHits || _variant.Has(DimensionKind.Hour) || _variant.Has(DimensionKind.Minute) || Filters.HasDone(_question.Filter)) return null;
        var sets = new List<int>();
        int set = 0, last = -1;
        foreach (var step in _question.Steps)
        {
            if (step is not Filter.Compare { Dimension.Kind: DimensionKind.EventName or DimensionKind.Goal, Operator: Operator.Is, CaseSensitive: true, Values: [var name] } compare) return null;
            var place = Array.IndexOf(Known, name);
            if (place <= last || (place == 0 && compare.Dimension.Kind == DimensionKind.Goal)) return null;
            last = place;
            set |= 1 << place;
            sets.Add(set);
        }
        return sets;
    }

    private List<string> OfSets(List<int> sets)
    {
        var statements = new List<string>();
        var choice = RollupChoice.Find(_variant.Dimensions, _variant.Filter) is { Rollup.HasFunnel: true } known ? known : null;
        if (choice is not null)
        {
            var dimension = RollupChoice.Dimensions(_variant.Dimensions).DefaultIfEmpty("0").Single();
            var where = choice.Where(_lookup, _parameters, _variant.Dimensions);
            foreach (var rows in _split.Rollups(_variant.ByMonth)) Add(dimension, "sum(visits)", "funnel", $"{choice.Rollup.Funnels} AND {rows} AND {where}");
        }
        var slice = choice is null ? _split.Whole : _split.Rest;
        if (!slice.Closed.IsEmpty)
        {
            var rows = new VisitRows(_lookup, _parameters, slice with { Open = DaySet.None }, _variant, sums: true);
            Add(rows.Dimensions.DefaultIfEmpty("0").Single(), "count(*)", "v.funnel", rows.From);
        }
        // To make the sets of open visits takes four times as long as to look for the few steps that are asked for.
        statements.AddRange(OfHits(slice with { Closed = DaySet.None }));
        return statements;

        void Add(string dimension, string visits, string funnel, string from) => statements.Add(
            $"SELECT ({dimension})::BIGINT AS d, {string.Join(", ", sets.Select((set, i) => $"coalesce({visits} FILTER ({funnel} & {Funnel.Bit(set)} <> 0), 0)::BIGINT AS c{i}"))} {from} GROUP BY 1");
    }

    /// <summary>
    /// The earliest hit of the first step, then the earliest one of the next step after it, and so on. A purchase that was counted before is no step, as in
    /// the sets.
    /// </summary>
    private List<string> OfHits(Slice slice)
    {
        if (slice.IsEmpty) return [];
        var ofHit = _question.Dimension is { } dimension && Columns.IsHit(dimension.Kind);
        List<string> hits = [.. _question.Steps.Select((step, i) =>
        {
            var rows = new HitRows(_lookup, _parameters, slice, i == 0 && ofHit ? _variant.Dimensions : [], step, where: "h.kind <> 9");
            // Hits at one millisecond are in the order of their rows; rows that are made of items come last.
            var order = rows.HasItems ? "1099511627775" : "h.rowid";
            return $"SELECT h.visit, {i} AS step, h.time::HUGEINT * 1099511627776 + {order} AS moment, {rows.Dimensions.DefaultIfEmpty("0").Single()} AS seen{rows.From}";
        })];
        var lists = string.Concat(Enumerable.Range(1, hits.Count - 1).Select(i => $", list(moment) FILTER (step = {i}) AS l{i}"));
        var sql = $"SELECT visit, min(moment) FILTER (step = 0) AS t0, arg_min(seen, moment) FILTER (step = 0) AS seen{lists} FROM ({string.Join(" UNION ALL ", hits)}) GROUP BY visit HAVING t0 IS NOT NULL";
        for (var i = 1; i < hits.Count; i++) sql = $"SELECT *, list_min(list_filter(l{i}, moment -> moment > t{i - 1})) AS t{i} FROM ({sql})";

        var counts = string.Join(", ", Enumerable.Range(0, hits.Count).Select(i => $"count(s.t{i})::BIGINT AS c{i}"));
        if (_question.Filter is null && slice.Within is null && (ofHit || _question.Dimension is null))
            return [$"SELECT s.seen::BIGINT AS d, {counts} FROM ({sql}) s GROUP BY 1"];
        var visits = new VisitRows(_lookup, _parameters, slice, _variant with { Dimensions = ofHit ? [] : _variant.Dimensions }, sums: false);
        var value = visits.Dimensions.DefaultIfEmpty("0").Single();
        return [$"SELECT {(ofHit ? "s.seen" : "w.d")}::BIGINT AS d, {counts} FROM ({sql}) s JOIN (SELECT v.visit, {value} AS d {visits.From}) w ON w.visit = s.visit GROUP BY 1"];
    }
}
