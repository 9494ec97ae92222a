namespace Footfall.History.Planning;

/// <summary>The hits of a slice, or their items where a product is asked for, of which a filter is true: each with its visit where that is asked for.</summary>
internal sealed class HitRows
{
    private readonly Lookup _lookup;
    private readonly Parameters _parameters;
    private readonly Slice _slice;
    private readonly List<string> _props = [];
    private readonly bool _keepsItemless;

    /// <param name="table"><c>hits</c>; or <c>orders</c>, which has no page, name or props.</param>
    /// <param name="where">A further condition over <c>h</c>.</param>
    /// <param name="join">A further table for each row.</param>
    public HitRows(Lookup lookup, Parameters parameters, Slice slice, IReadOnlyList<Dimension> dimensions, Filter? filter, string table = "hits", string where = "true", string join = "")
    {
        (_lookup, _parameters, _slice) = (lookup, parameters, slice);
        var kinds = dimensions.Select(dimension => dimension.Kind).Concat(Filters.Compares(filter).Select(compare => compare.Dimension.Kind)).ToHashSet();
        HasItems = kinds.Any(Columns.IsItem);
        _keepsItemless = KeepsItemless(dimensions, filter);
        Dimensions = [.. dimensions.Select(Expression)];
        var condition = Filters.Sql(filter, Compare, HasDone);
        var goals = dimensions.Any(dimension => dimension.Kind == DimensionKind.Goal) ? " AND h.kind NOT IN (0, 1)" : "";
        var needsVisit = kinds.Any(kind => Columns.IsCountry(kind) || (!Columns.IsTime(kind) && !Columns.IsHit(kind)));
        From = $"{Table(table, kinds)}{Props()}{join}{(needsVisit ? $" JOIN {slice.Visits(kinds.Any(Columns.IsSum))} v ON v.visit = h.visit" : "")}" +
            $" WHERE {slice.Sql("h.")} AND {where}{goals} AND {condition}";
    }

    /// <summary>Whether hits without items are among the rows though a product is asked for: the filter can be true of them.</summary>
    public static bool KeepsItemless(IReadOnlyList<Dimension> dimensions, Filter? filter) =>
        Filters.Compares(filter).Any(compare => Columns.IsItem(compare.Dimension.Kind)) && !dimensions.Any(dimension => Columns.IsItem(dimension.Kind)) && !NeedsItem(filter);

    /// <summary>The expression of each dimension.</summary>
    public string[] Dimensions { get; }

    /// <summary>Whether a row is an item <c>i</c>, so that a hit has several.</summary>
    public bool HasItems { get; }

    /// <summary>The name of the rows of items.</summary>
    public string Item { get; private set; } = "i";

    /// <summary>All from FROM on. The hits are <c>h</c>, the visits <c>v</c>.</summary>
    public string From { get; }

    /// <summary>A hit among rows of items.</summary>
    public const string Key = "(h.position, h.time, h.visit, h.kind, h.seq)";

    private const string ProductColumns = "JOIN products pr ON pr.id = i.product";

    private const string SameHit = "i.visit = h.visit AND i.time = h.time AND i.position = h.position AND i.kind = h.kind AND i.seq = h.seq";

    private string Table(string table, HashSet<DimensionKind> kinds)
    {
        if (!HasItems) return $" FROM {table} h";
        var hits = $"(SELECT * FROM hits WHERE {_slice.Sql("")}) h";
        // What was bought before is not bought again.
        var items = $"(SELECT * FROM items WHERE {_slice.Sql("")} AND kind <> 9) i";
        if (_keepsItemless) return $" FROM {hits} LEFT JOIN {items} ON {SameHit} LEFT {ProductColumns}";
        // An item has all that is asked of its hit: no hit has to be read.
        if (!kinds.Any(kind => (Columns.IsHit(kind) && !Columns.IsItem(kind)) || kind is DimensionKind.Hour or DimensionKind.Minute))
        {
            Item = "h";
            return $" FROM (SELECT * FROM items WHERE {_slice.Sql("")} AND kind <> 9) h JOIN products pr ON pr.id = h.product";
        }
        return $" FROM {hits} JOIN {items} ON {SameHit} {ProductColumns}";
    }

    private string Props() => string.Concat(_props.Select((name, i) => $" LEFT JOIN props p{i} ON p{i}.set = h.props AND p{i}.name = {_lookup.Id(name)}"));

    private string Expression(Dimension dimension)
    {
        var kind = dimension.Kind;
        if (Columns.IsTime(kind)) return Columns.Time(kind, "h.day", "h.time + h.zone * 60000");
        if (kind == DimensionKind.Prop)
        {
            var place = _props.IndexOf(dimension.Prop!);
            if (place < 0)
            {
                place = _props.Count;
                _props.Add(dimension.Prop!);
            }
            return $"coalesce(p{place}.value, 0)";
        }
        if (Columns.IsItem(kind)) return $"coalesce(pr.{Columns.Of(kind)}, 0)";
        return $"{(Columns.IsHit(kind) ? "h" : "v")}.{Columns.Of(kind)}";
    }

    private string Compare(Filter.Compare compare) =>
        compare.Dimension.Kind == DimensionKind.Goal ? Goal(compare) : _lookup.Condition(Expression(compare.Dimension), compare, _parameters);

    /// <summary>A goal is an event by its name, or a page view of a path by <c>Visit /path</c>.</summary>
    private string Goal(Filter.Compare compare)
    {
        var events = $"h.kind NOT IN (0, 1) AND {_lookup.Texts("h.name", compare, _parameters)}";
        if (compare is { Operator: Operator.Is, CaseSensitive: true })
        {
            List<string> paths = [.. compare.Values.Where(value => value.StartsWith(Visit, StringComparison.Ordinal)).Select(value => value[Visit.Length..])];
            return paths.Count == 0 ? $"({events})" : $"(({events}) OR (h.kind = 1 AND {Lookup.In("h.page", _lookup.Ids(paths))}))";
        }
        if (compare.Operator == Operator.Matches) return $"(({events}) OR (h.kind = 1 AND {_lookup.Matching("h.page", $"'{Visit}' || text", compare, _parameters)}))";
        return $"(({events}) OR (h.kind = 1 AND h.page IN (SELECT id FROM texts WHERE {_lookup.Predicate($"'{Visit}' || text", compare, _parameters)})))";
    }

    /// <summary>What the value of a goal begins with that is a page.</summary>
    public const string Visit = "Visit ";

    private string HasDone(Filter.HasDone done) => Done("h", _lookup, _parameters, _slice, done);

    /// <summary>The condition that a visit has a hit of which a filter is true.</summary>
    public static string Done(string alias, Lookup lookup, Parameters parameters, Slice slice, Filter.HasDone done) =>
        $"{alias}.visit IN (SELECT h.visit{new HitRows(lookup, parameters, slice, [], done.Of).From})";

    /// <summary>Whether the filter can only be true of an item: it asks for a part that isn't empty.</summary>
    private static bool NeedsItem(Filter? filter) => Filters.Conjuncts(filter).OfType<Filter.Compare>().Any(compare =>
        Columns.IsItem(compare.Dimension.Kind) && compare.Operator != Operator.Matches && compare.Values.All(value => value.Length > 0));
}
