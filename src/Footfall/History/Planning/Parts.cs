namespace Footfall.History.Planning;

/// <summary>The sums of measures by dimension, as statements whose rows are added up: of rollups, of visits, of hits, of items, of robots.</summary>
internal sealed class Parts(Lookup lookup, Parameters parameters, Split split, IReadOnlyList<Measure> measures)
{
    private readonly List<string> _statements = [];

    /// <summary>A statement with the columns <c>d0</c>, <c>d1</c>, … for the dimensions and <c>m0</c>, <c>m1</c>, … for the measures, once a group that has any.</summary>
    public static string Sql(Lookup lookup, Parameters parameters, Split split, Variant variant, IReadOnlyList<Measure> measures)
    {
        var parts = new Parts(lookup, parameters, split, measures);
        parts.Add(variant);
        var dimensions = string.Concat(Enumerable.Range(0, variant.Dimensions.Count).Select(i => $"d{i}, "));
        var sums = string.Join(", ", measures.Select((measure, i) => $"coalesce(sum(m{i}), 0)::{Type(measure)} AS m{i}"));
        var of = parts._statements.Count == 0 ? parts.Nothing(variant.Dimensions.Count) : string.Join("\nUNION ALL\n", parts._statements);
        var group = variant.Dimensions.Count == 0 ? ""
            // A page that nobody left from is none of the exit pages, however often it was seen.
            : $" GROUP BY ALL HAVING {string.Join(" OR ", measures.Select((measure, i) => measure == Measure.ExitViews ? "false" : $"sum(m{i}) <> 0"))}";
        return $"SELECT {dimensions}{sums} FROM (\n{of}\n){group}";
    }

    private static string Type(Measure measure) => measure == Measure.Units ? "DECIMAL(38, 6)" : "BIGINT";

    private void Add(Variant variant)
    {
        var bots = measures.Where(measure => measure == Measure.Bots).ToHashSet();
        if (bots.Count > 0) AddBots(variant);
        var entered = variant.HasPage ? measures.Where(measure => measure.IsOfEntry()).ToHashSet() : [];
        var left = measures.Where(measure => measure == Measure.Exits).ToHashSet();
        var seen = measures.Where(measure => measure == Measure.ExitViews).ToHashSet();
        var own = measures.Where(measure => measure is not (Measure.Exits or Measure.ExitViews or Measure.Bots) && !entered.Contains(measure)).ToHashSet();
        if (variant.Has(DimensionKind.BotReason)) return;
        Add(variant, own);
        Add(variant.Entered, entered);
        Add(variant.Left, left);
        Add(variant.Seen, seen);
    }

    private void Add(Variant variant, HashSet<Measure> wanted)
    {
        if (wanted.Count == 0) return;
        var choice = !split.HasRollups ? null : RollupChoice.Find(variant.Dimensions, variant.Filter);
        var rolled = wanted.Where(measure => choice?.Has(measure) == true).ToHashSet();
        if (rolled.Count > 0)
        {
            AddRollup(choice!, variant, rolled);
            if (!split.Rest.IsEmpty) Scan(split.Rest, variant, rolled);
        }
        var scanned = wanted.Except(rolled).ToHashSet();
        if (scanned.Count > 0 && !split.Whole.IsEmpty) Scan(split.Whole, variant, scanned);
    }

    private void AddRollup(RollupChoice choice, Variant variant, HashSet<Measure> wanted)
    {
        var where = choice.Where(lookup, parameters, variant.Dimensions);
        var groups = RollupChoice.Dimensions(variant.Dimensions);
        var counts = wanted.Where(measure => measure != Measure.Units).ToDictionary(measure => measure, Column);
        if (counts.Count > 0)
        {
            // Most countries sell nothing on most days: what has nothing to add is left where it is.
            var some = string.Join(" OR ", counts.Values.Distinct().Select(column => $"{column} <> 0"));
            foreach (var rows in split.Rollups(variant.ByMonth)) Rows(groups, counts, $"{choice.Rollup.Counts} AND {rows} AND {where} AND ({some})");
        }
        if (wanted.Contains(Measure.Units))
        {
            foreach (var rows in split.Rollups(variant.ByMonth)) Rows(groups, new() { [Measure.Units] = "units" }, $"{choice.Rollup.Money} AND {rows} AND {where} AND units <> 0");
        }
    }

    private void Scan(Slice slice, Variant variant, HashSet<Measure> wanted)
    {
        var ofVisits = wanted.Where(measure => measure.IsOfVisit()).ToHashSet();
        var ofHits = wanted.Where(measure => !measure.IsOfVisit() && measure != Measure.Units).ToHashSet();
        // A whole visit says what its hits add up to, but not at what hour.
        if (!variant.OfHits && slice.Within is null && !variant.Has(DimensionKind.Hour) && !variant.Has(DimensionKind.Minute))
        {
            ofVisits.UnionWith(ofHits);
            ofHits.Clear();
        }
        if (ofVisits.Count > 0) ScanVisits(slice, variant, ofVisits);
        if (ofHits.Count > 0)
        {
            var rows = new HitRows(lookup, parameters, slice, variant.Dimensions, variant.Filter);
            Statement(rows.Dimensions, ofHits.ToDictionary(measure => measure, measure => OfHits(measure, rows.HasItems)), rows.From);
        }
        if (wanted.Contains(Measure.Units))
        {
            var rows = new UnitRows(lookup, parameters, slice, variant);
            Statement(rows.Dimensions, new() { [Measure.Units] = rows.Units }, rows.From);
        }
    }

    private void ScanVisits(Slice slice, Variant variant, HashSet<Measure> wanted)
    {
        var rows = new VisitRows(lookup, parameters, slice, variant, sums: wanted.Any(measure => measure is not (Measure.Visitors or Measure.Visits or Measure.Entered)));
        Statement(rows.Dimensions, wanted.ToDictionary(measure => measure, OfVisits), rows.From);
    }

    private void AddBots(Variant variant)
    {
        if (BotRows.Find(lookup, parameters, split, variant) is not { } bots) return;
        foreach (var (dimensions, count, from) in bots) Statement(dimensions, new() { [Measure.Bots] = count }, from);
    }

    private void Statement(string[] dimensions, Dictionary<Measure, string> values, string from) =>
        Rows(dimensions, values, $"{from}{(dimensions.Length == 0 ? "" : " GROUP BY ALL")}");

    /// <summary>Rows that are added up with those of the other statements only, once.</summary>
    private void Rows(string[] dimensions, Dictionary<Measure, string> values, string from)
    {
        var groups = string.Concat(dimensions.Select((dimension, i) => $"({dimension})::BIGINT AS d{i}, "));
        var sums = string.Join(", ", measures.Select((measure, i) => $"{(values.TryGetValue(measure, out var value) ? $"coalesce({value}, 0)" : "0")}::{Type(measure)} AS m{i}"));
        _statements.Add($"SELECT {groups}{sums} {from}");
    }

    private string Nothing(int dimensions) =>
        $"SELECT {string.Concat(Enumerable.Range(0, dimensions).Select(i => $"0::BIGINT AS d{i}, "))}{string.Join(", ", measures.Select((measure, i) => $"0::{Type(measure)} AS m{i}"))} WHERE false";

    private static string Column(Measure measure) => measure switch
    {
        Measure.Visitors => "visitors",
        Measure.Pageviews or Measure.EnteredViews or Measure.ExitViews => "pageviews",
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

    private static string OfVisits(Measure measure) => measure switch
    {
        Measure.Visitors => "count(DISTINCT v.visitor)",
        Measure.Pageviews or Measure.EnteredViews or Measure.ExitViews => "sum(v.pageviews)",
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

    /// <summary>Of rows of items each hit counts once.</summary>
    private static string OfHits(Measure measure, bool items) => (measure, items) switch
    {
        (Measure.Visitors, _) => "count(DISTINCT h.visitor)",
        (Measure.Pageviews or Measure.ExitViews, false) => "sum((h.kind = 1)::INTEGER)",
        (Measure.Orders, false) => "sum((h.kind = 6)::INTEGER)",
        (_, false) => "count(*)",
        (Measure.Pageviews or Measure.ExitViews, true) => $"count(DISTINCT {HitRows.Key}) FILTER (h.kind = 1)",
        (Measure.Orders, true) => $"count(DISTINCT {HitRows.Key}) FILTER (h.kind = 6)",
        (_, true) => $"count(DISTINCT {HitRows.Key})",
    };
}
