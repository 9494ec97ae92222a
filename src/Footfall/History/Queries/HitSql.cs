using Footfall.History.Schema;

namespace Footfall.History.Queries;

/// <summary>
/// SQL for the hits of a scan range that match a filter, or their items if a product is needed; each with its visit if that is needed.
/// </summary>
internal sealed class HitSql
{
    private readonly TextDictionary _dictionary;
    private readonly SqlParameters _parameters;
    private readonly ScanRange _range;
    private readonly List<string> _props = [];
    private readonly bool _includesItemless;

    /// <param name="table"><c>hits</c>; or <c>orders</c>, which has no page, name or props.</param>
    /// <param name="where">A further condition over <c>h</c>.</param>
    /// <param name="join">A further table for each row.</param>
    public HitSql(TextDictionary dictionary, SqlParameters parameters, ScanRange range, IReadOnlyList<Dimension> dimensions, Filter? filter,
        string table = "hits", string where = "true", string join = "")
    {
        (_dictionary, _parameters, _range) = (dictionary, parameters, range);
        var kinds = dimensions.Select(dimension => dimension.Kind)
            .Concat(FilterTree.Comparisons(filter).Select(compare => compare.Dimension.Kind)).ToHashSet();
        HasItems = kinds.Any(DimensionColumns.IsItem);
        _includesItemless = IncludesItemless(dimensions, filter);
        Dimensions = [.. dimensions.Select(Expression)];
        var condition = FilterTree.ToSql(filter, Condition, HasDone);
        var goals = dimensions.Any(dimension => dimension.Kind == DimensionKind.Goal) ? " AND h.kind NOT IN (0, 1)" : "";
        var needsVisit =
            kinds.Any(kind => DimensionColumns.IsCountry(kind) || (!DimensionColumns.IsTime(kind) && !DimensionColumns.IsOfHit(kind)));
        var visits = needsVisit ? $" JOIN {range.VisitTable(kinds.Any(DimensionColumns.NeedsVisitSums))} v ON v.visit = h.visit" : "";
        From = $"{HitTable(table, kinds)}{PropJoins()}{join}{visits}" +
            $" WHERE {range.Condition("h.")} AND {where}{goals} AND {condition}";
    }

    /// <summary>Whether rows include hits without items although a product is needed: the filter can match them.</summary>
    public static bool IncludesItemless(IReadOnlyList<Dimension> dimensions, Filter? filter) =>
        FilterTree.Comparisons(filter).Any(compare => DimensionColumns.IsItem(compare.Dimension.Kind))
            && !dimensions.Any(dimension => DimensionColumns.IsItem(dimension.Kind)) && !NeedsItem(filter);

    /// <summary>The expression of each dimension.</summary>
    public string[] Dimensions { get; }

    /// <summary>Whether a row is an item <c>i</c>, so that a hit has several.</summary>
    public bool HasItems { get; }

    /// <summary>The name of the rows of items.</summary>
    public string ItemAlias { get; private set; } = "i";

    /// <summary>The SQL from FROM on. Hits are <c>h</c>, visits <c>v</c>.</summary>
    public string From { get; }

    /// <summary>A hit among rows of items.</summary>
    public const string HitKey = "(h.position, h.time, h.visit, h.kind, h.seq)";

    private const string ProductJoin = "JOIN products pr ON pr.id = i.product";

    private const string SameHitCondition =
        "i.visit = h.visit AND i.time = h.time AND i.position = h.position AND i.kind = h.kind AND i.seq = h.seq";

    private string HitTable(string table, HashSet<DimensionKind> kinds)
    {
        if (!HasItems) return $" FROM {table} h";
        var hits = $"(SELECT * FROM hits WHERE {_range.Condition("")}) h";
        // Repeated purchases don't count again.
        var items = $"(SELECT * FROM items WHERE {_range.Condition("")} AND kind <> 9) i";
        if (_includesItemless) return $" FROM {hits} LEFT JOIN {items} ON {SameHitCondition} LEFT {ProductJoin}";
        // Items have all the needed columns of their hit, so no hit is read.
        if (!kinds.Any(kind =>
            (DimensionColumns.IsOfHit(kind) && !DimensionColumns.IsItem(kind)) || kind is DimensionKind.Hour or DimensionKind.Minute))
        {
            ItemAlias = "h";
            return $" FROM (SELECT * FROM items WHERE {_range.Condition("")} AND kind <> 9) h JOIN products pr ON pr.id = h.product";
        }
        return $" FROM {hits} JOIN {items} ON {SameHitCondition} {ProductJoin}";
    }

    private string PropJoins() =>
        string.Concat(_props.Select((name, i) => $" LEFT JOIN props p{i} ON p{i}.set = h.props AND p{i}.name = {_dictionary.Id(name)}"));

    private string Expression(Dimension dimension)
    {
        var kind = dimension.Kind;
        if (DimensionColumns.IsTime(kind)) return DimensionColumns.TimeExpression(kind, "h.day", "h.time + h.zone * 60000");
        if (kind == DimensionKind.Prop)
        {
            var index = _props.IndexOf(dimension.Prop!);
            if (index < 0)
            {
                index = _props.Count;
                _props.Add(dimension.Prop!);
            }
            return $"coalesce(p{index}.value, 0)";
        }
        if (DimensionColumns.IsItem(kind)) return $"coalesce(pr.{DimensionColumns.NameOf(kind)}, 0)";
        return $"{(DimensionColumns.IsOfHit(kind) ? "h" : "v")}.{DimensionColumns.NameOf(kind)}";
    }

    private string Condition(Filter.Comparison compare) =>
        compare.Dimension.Kind == DimensionKind.Goal ? GoalCondition(compare)
            : _dictionary.Condition(Expression(compare.Dimension), compare, _parameters);

    /// <summary>A goal is an event by its name, or a page view of a path by <c>Visit /path</c>.</summary>
    private string GoalCondition(Filter.Comparison compare)
    {
        var events = $"h.kind NOT IN (0, 1) AND {_dictionary.TextCondition("h.name", compare, _parameters)}";
        if (compare is { Operator: FilterOperator.Is, CaseSensitive: true })
        {
            List<string> paths = [.. compare.Values.Where(value => value.StartsWith(PageGoalPrefix, StringComparison.Ordinal))
                .Select(value => value[PageGoalPrefix.Length..])];
            return paths.Count == 0 ? $"({events})"
                : $"(({events}) OR (h.kind = 1 AND {TextDictionary.InCondition("h.page", _dictionary.Ids(paths))}))";
        }
        if (compare.Operator == FilterOperator.Matches)
            return $"(({events}) OR (h.kind = 1 AND {_dictionary.Match("h.page", $"'{PageGoalPrefix}' || text", compare, _parameters)}))";
        return $"(({events}) OR (h.kind = 1 AND h.page IN (SELECT id FROM texts WHERE " +
            $"{_dictionary.Predicate($"'{PageGoalPrefix}' || text", compare, _parameters)})))";
    }

    /// <summary>The prefix of a goal that is a page.</summary>
    public const string PageGoalPrefix = "Visit ";

    private string HasDone(Filter.HasDone done) => VisitHasDone("h", _dictionary, _parameters, _range, done);

    /// <summary>The condition that a visit has a hit that matches a filter.</summary>
    public static string VisitHasDone(string alias, TextDictionary dictionary, SqlParameters parameters, ScanRange range,
        Filter.HasDone done) =>
        $"{alias}.visit IN (SELECT h.visit{new HitSql(dictionary, parameters, range, [], done.HitFilter).From})";

    /// <summary>Whether only items can match the filter: it requires a non-empty part.</summary>
    private static bool NeedsItem(Filter? filter) => FilterTree.Conjuncts(filter).OfType<Filter.Comparison>().Any(compare =>
        DimensionColumns.IsItem(compare.Dimension.Kind) && compare.Operator != FilterOperator.Matches
            && compare.Values.All(value => value.Length > 0));
}
