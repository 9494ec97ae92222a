using System.Globalization;
using System.Text.RegularExpressions;
using Footfall.Common;
using Footfall.History;

namespace Footfall.Tests.History.Queries;

/// <summary>Runs queries by a scan of every hit, directly by the definitions, and slowly.</summary>
internal sealed class ReferenceQueries(ModelShop shop, Site site, Period period)
{
    private readonly List<ModelVisit> _visits = [.. shop.Visits.Where(visit => visit.Site == site)];

    private sealed record Row(ModelHit Hit, ModelItem? Item);

    private bool Within(long time) => time >= period.From && time < period.Until;

    public StatsResult Query(StatsQuery query)
    {
        if (query.Dimensions.Any(dimension => dimension.Kind == DimensionKind.BotReason) || query.Metrics.Contains(Metric.BotHits))
            return Bots(query);
        var groups = Groups(query.Dimensions, query.Filter);
        var entered = Groups([.. query.Dimensions.Select(Entered)], Replaced(query.Filter, Entered));
        var left = Groups([.. query.Dimensions.Select(Left)], Replaced(query.Filter, Left));
        var seen = Groups([.. query.Dimensions.Select(Seen)], Replaced(query.Filter, Seen));
        var rows = new List<StatsRow>();
        foreach (var key in groups.Keys.Concat(entered.Keys).Concat(left.Keys).Append("").Distinct())
        {
            if ((key.Length == 0) != (query.Dimensions.Count == 0)) continue;
            var (own, entry, exit) =
                (groups.GetValueOrDefault(key, Nothing), entered.GetValueOrDefault(key, Nothing), left.GetValueOrDefault(key, Nothing));
            var used = new List<long>();
            var metrics = query.Metrics.Select(metric => Of(metric, query, own, entry, exit, seen.GetValueOrDefault(key, Nothing), used))
                .ToArray();
            if (query.Dimensions.Count > 0 && used.TrueForAll(value => value == 0)) continue;
            rows.Add(new StatsRow(query.Dimensions.Count == 0 ? [] : key[..^1].Split('\u0001'), metrics));
        }
        return Sorted(query, rows);
    }

    public static StatsResult Sorted(StatsQuery query, List<StatsRow> rows)
    {
        rows.Sort((x, y) =>
        {
            foreach (var order in query.OrderBy)
            {
                var compared = order.DimensionIndex >= 0
                    ? string.CompareOrdinal(x.Dimensions[order.DimensionIndex], y.Dimensions[order.DimensionIndex]) : 0;
                if (order.MetricIndex >= 0)
                {
                    object? a = x.Metrics[order.MetricIndex] is Money m ? m.Total : x.Metrics[order.MetricIndex],
                        b = y.Metrics[order.MetricIndex] is Money n ? n.Total : y.Metrics[order.MetricIndex];
                    if (a is null != b is null) return a is null ? 1 : -1;
                    compared = a is null ? 0 : Comparer<object>.Default.Compare(a, b);
                }
                if (compared != 0) return order.Descending ? -compared : compared;
            }
            return x.Dimensions.Zip(y.Dimensions, string.CompareOrdinal).FirstOrDefault(compared => compared != 0);
        });
        return new StatsResult([.. rows.Skip(query.Offset).Take(query.Limit)], query.CountRows ? rows.Count : null);
    }

    private sealed record Group(List<Row> Rows, HashSet<ModelVisit> Visits, bool Items, bool OfHits);

    private static readonly Group Nothing = new([], [], false, false);

    private object? Of(Metric metric, StatsQuery query, Group own, Group entered, Group left, Group seen, List<long> used)
    {
        long Use(long value)
        {
            used.Add(value);
            return value;
        }
        long visitors() => Use(own.Rows.Select(row => row.Hit.Visit.Visitor).Distinct().Count());
        long visits() => Use(own.Visits.Count);
        long hits(Func<ModelHit, bool> which) => Use(own.Rows.Select(row => row.Hit).Where(hit => which(hit)).Distinct().Count());
        long entries() => Use(entered.Visits.Count);
        long did(params int[] kinds) => Use(own.Visits.Count(visit => kinds.All(kind => visit.Hits.Any(hit => hit.Kind == kind))));
        var hasPage = Has(query, DimensionKind.Page, DimensionKind.Hostname);
        switch (metric)
        {
            case Metric.Visitors: return visitors();
            case Metric.Visits: return visits();
            case Metric.Pageviews: return hits(hit => hit.Kind == 1);
            case Metric.Events: return hits(_ => true);
            case Metric.Orders: return hits(hit => hit.Kind == 6);
            case Metric.ViewsPerVisit: return Round(entered.Visits.Sum(visit => visit.Hits.Count(hit => hit.Kind == 1)), entries(), 2, 0.0);
            case Metric.BounceRate:
                return (long)Round(
                100.0 * entered.Visits.Count(visit => visit.Hits.Count(hit => hit.Name != "engagement") <= 1), entries(), 0, 0.0)!;
            case Metric.VisitDuration:
                return (long)Round(
                entered.Visits.Sum(visit => (visit.Hits.Max(hit => hit.Time) - visit.Start) / 1000), entries(), 0, 0.0)!;
            case Metric.ExitRate:
                var exits = Use((hasPage ? left : own).Visits.Count);
                return hasPage || Has(query, DimensionKind.ExitPage, DimensionKind.ExitHostname)
                    ? Round(100.0 * exits, seen.Rows.Select(row => row.Hit).Where(hit => hit.Kind == 1).Distinct().Count(), 1, null) : null;
            case Metric.CartRate: return Round(100.0 * did(3), visits(), 1, 0.0);
            case Metric.CheckoutRate: return Round(100.0 * did(5), visits(), 1, 0.0);
            case Metric.PurchaseRate: return Round(100.0 * did(6), visits(), 1, 0.0);
            case Metric.Abandonment: return Round(100.0 * (did(3) - did(3, 6)), did(3), 1, null);
            case Metric.Percentage: return Round(100.0 * visitors(), Visitors([], query.Filter, ""), 1, null);
            case Metric.ConversionRate: return Round(100.0 * visitors(), Visitors([], WithoutGoals(query.Filter), ""), 1, 0.0);
            case Metric.GroupConversionRate:
                var kept = query.Dimensions.Where(dimension => dimension.Kind is not (DimensionKind.Goal or DimensionKind.Prop)).ToList();
                if (own.Rows.Count == 0) return Ignore(visitors(), 0.0);
                // All hits of a group have its key; any of them gives the key without goals.
                return Round(100.0 * visitors(), Visitors(kept, WithoutGoals(query.Filter), Key(kept, own.Rows[0], own.Rows[0].Hit)), 1,
                    0.0);
            case Metric.Units:
                var units = own.Items ? own.Rows.Where(row => row.Hit.Kind == 6).Sum(row => row.Item?.Quantity ?? 0) : own.Rows.Select(
                    row => row.Hit).Distinct().Where(hit => hit.Kind == 6).Sum(hit => hit.Items.Sum(item => item.Quantity));
                Use(units == 0 ? 0 : 1);
                return units;
            case Metric.ScrollDepth: return Mean(Engaged(own, "scroll", hit => hit.Visit.Visitor, values => values.Max()), used);
            case Metric.TimeOnPage: return Mean(Engaged(own, "seconds", hit => hit.Visit.Number, values => values.Sum()), used);
            default: return MoneyOf(metric, query, own, used);
        }
    }

    private static bool Has(StatsQuery query, params DimensionKind[] kinds) =>
        query.Dimensions.Select(dimension => dimension.Kind).Concat(Compares(query.Filter).Select(compare => compare.Dimension.Kind))
            .Any(kinds.Contains);

    private static object? Ignore(long _, object? value) => value;

    private static IEnumerable<double> Engaged(Group own, string prop, Func<ModelHit, long> by, Func<IEnumerable<double>, double> add) =>
        own.Rows.Select(row => row.Hit).Where(hit => hit.Name == "engagement" && hit.Props.ContainsKey(prop)).GroupBy(by)
            .Select(hits => add(hits.Select(hit => double.Parse(hit.Props[prop], CultureInfo.InvariantCulture))));

    private static long? Mean(IEnumerable<double> values, List<long> used)
    {
        if (!values.Any()) return null;
        used.Add(1);
        return (long)Math.Round(values.Average(), MidpointRounding.AwayFromZero);
    }

    private Money MoneyOf(Metric metric, StatsQuery query, Group own, List<long> used)
    {
        var goal = query.Dimensions.Select(dimension => dimension.Kind).Concat(Compares(query.Filter)
            .Select(compare => compare.Dimension.Kind)).Any(kind => kind is DimensionKind.Goal or DimensionKind.EventName);
        var ofEvents = metric is Metric.TotalRevenue or Metric.AverageRevenue && goal && !own.Items;
        var bought = new Dictionary<string, (decimal Amount, int Count)>();
        var refunded = new Dictionary<string, decimal>();
        foreach (var rows in own.Rows.GroupBy(row => row.Hit))
        {
            var hit = rows.Key;
            var amount = own.Items ? rows.Sum(row => row.Item is { } item ? item.Price * item.Quantity : 0) : hit.Value;
            if (amount is null) continue;
            var (sum, count) = bought.GetValueOrDefault(hit.Currency);
            if (ofEvents ? hit.Kind is not (7 or 9) : hit.Kind == 6 && (!own.Items || rows.Any(row => row.Item is not null)))
                bought[hit.Currency] = (sum + amount.Value, count + 1);
            if (!ofEvents && hit.Kind == 7) refunded[hit.Currency] = refunded.GetValueOrDefault(hit.Currency) + amount.Value;
        }
        used.Add(bought.Values.Any(sum => sum.Amount != 0) || refunded.Values.Any(sum => sum != 0) ? 1 : 0);
        decimal Of(string currency)
        {
            var (amount, count) = bought.GetValueOrDefault(currency);
            return metric switch
            {
                Metric.Refunds => refunded.GetValueOrDefault(currency),
                Metric.NetRevenue => amount - refunded.GetValueOrDefault(currency),
                Metric.AverageOrder or Metric.AverageRevenue =>
                    count == 0 ? 0 : Math.Round(amount / count, 2, MidpointRounding.AwayFromZero),
                _ => amount,
            };
        }
        var by = bought.Keys.Concat(refunded.Keys).Distinct().Select(currency => (currency, Of(currency))).Where(pair => pair.Item2 != 0)
            .OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.currency, StringComparer.Ordinal).ToList();
        if (by.Count == 0) return new Money(0, site.Currency, []);
        var foreign = (metric == Metric.Refunds ? refunded.Where(pair => pair.Value != 0).Select(pair => pair.Key)
            : metric == Metric.NetRevenue ? refunded.Where(pair => pair.Value != 0).Select(pair => pair.Key)
                .Concat(bought.Where(pair => pair.Value.Amount != 0).Select(pair => pair.Key))
            : bought.Where(pair => pair.Value.Amount != 0).Select(pair => pair.Key)).Any(currency => currency != site.Currency);
        if (foreign) return by.Count == 1 ? new Money(by[0].Item2, by[0].currency, by) : new Money(null, site.Currency, by);
        return new Money(by.Sum(pair => pair.Item2), site.Currency, by);
    }

    private long Visitors(IReadOnlyList<Dimension> dimensions, Filter? filter, string key) =>
        Groups(dimensions, filter).GetValueOrDefault(key, Nothing).Rows.Select(row => row.Hit.Visit.Visitor).Distinct().Count();

    /// <summary>
    /// The rows of each group, and the visits that begin in the period and have one of its rows: these are by the time that they begin.
    /// </summary>
    private Dictionary<string, Group> Groups(IReadOnlyList<Dimension> dimensions, Filter? filter)
    {
        var kinds = dimensions.Select(dimension => dimension.Kind).Concat(Compares(filter).Select(compare => compare.Dimension.Kind))
            .ToList();
        var items = kinds.Any(kind => kind is >= DimensionKind.ItemId and <= DimensionKind.ItemBrand);
        var byItem = dimensions.Any(dimension => dimension.Kind is >= DimensionKind.ItemId and <= DimensionKind.ItemBrand);
        var groups = new Dictionary<string, Group>();
        foreach (var visit in _visits)
        {
            foreach (var hit in visit.Hits)
            {
                if (!Within(hit.Time) || (dimensions.Any(dimension => dimension.Kind == DimensionKind.Goal) && hit.Kind < 2)) continue;
                List<Row> rows = items && hit.Kind != 9 ? [.. hit.Items.Select(item => new Row(hit, item))] : [];
                if (rows.Count == 0 && !byItem) rows.Add(new Row(hit, null));
                foreach (var row in rows.Where(row => Matches(filter, row)))
                {
                    Get(Key(dimensions, row, hit)).Rows.Add(row);
                    if (Within(visit.Start)) Get(Key(dimensions, row, visit.Hits[0])).Visits.Add(visit);
                }
            }
        }
        return groups;

        Group Get(string key)
        {
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = new Group([], [], items, false);
            return group;
        }
    }

    private static string Key(IReadOnlyList<Dimension> dimensions, Row row, ModelHit time) =>
        string.Concat(dimensions.Select(dimension =>
            (dimension.Kind <= DimensionKind.Month ? Time(dimension.Kind, time.Time, time.Zone) : Value(dimension, row)) + "\u0001"));

    private static string Time(DimensionKind kind, long time, short zone)
    {
        var local = DateTimeOffset.FromUnixTimeMilliseconds(time).AddMinutes(zone);
        return kind switch
        {
            DimensionKind.Minute => local.ToString("yyyy-MM-dd HH:mm:00", CultureInfo.InvariantCulture),
            DimensionKind.Hour => local.ToString("yyyy-MM-dd HH:00:00", CultureInfo.InvariantCulture),
            DimensionKind.Day => local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DimensionKind.Week => local.AddDays(-(((int)local.DayOfWeek + 6) % 7)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => local.ToString("yyyy-MM-01", CultureInfo.InvariantCulture),
        };
    }

    private static string Value(Dimension dimension, Row row)
    {
        var (hit, visit) = (row.Hit, row.Hit.Visit);
        var views = visit.Hits.Where(each => each.Kind == 1);
        return dimension.Kind switch
        {
            DimensionKind.Country or DimensionKind.CountryName => visit.Country.Code,
            DimensionKind.EntryPage => views.FirstOrDefault()?.Page ?? "",
            DimensionKind.EntryHostname => views.FirstOrDefault()?.Host ?? "",
            DimensionKind.ExitPage => views.LastOrDefault()?.Page ?? "",
            DimensionKind.ExitHostname => views.LastOrDefault()?.Host ?? "",
            DimensionKind.Page => hit.Page,
            DimensionKind.Hostname => hit.Host,
            DimensionKind.EventName or DimensionKind.Goal => hit.Name,
            DimensionKind.Prop => hit.Props.TryGetValue(dimension.Prop!, out var value) ? value : "",
            DimensionKind.Currency => hit.Currency,
            DimensionKind.ItemId => row.Item?.Id ?? "",
            DimensionKind.ItemName => row.Item?.Name ?? "",
            DimensionKind.ItemCategory => row.Item?.Category ?? "",
            DimensionKind.ItemBrand => row.Item?.Brand ?? "",
            var kind => visit.Attributes[kind],
        };
    }

    private bool Matches(Filter? filter, Row row) => filter switch
    {
        null => true,
        Filter.All all => all.Operands.All(of => Matches(of, row)),
        Filter.Any any => any.Operands.Any(of => Matches(of, row)),
        Filter.Not not => !Matches(not.Operand, row),
        Filter.HasDone done => row.Hit.Visit.Hits.Where(hit => Within(hit.Time)).SelectMany(hit =>
            Compares(done.HitFilter).Any(compare => compare.Dimension.Kind is >= DimensionKind.ItemId and <= DimensionKind.ItemBrand)
                && hit.Items.Count > 0 && hit.Kind != 9
                ? hit.Items.Select(item => new Row(hit, item)) : [new Row(hit, null)]).Any(each => Matches(done.HitFilter, each)),
        Filter.Comparison { Dimension.Kind: DimensionKind.Goal } goal =>
            (row.Hit.Kind > 1 && Compare(goal, row.Hit.Name)) || (row.Hit.Kind == 1 && Compare(goal, $"Visit {row.Hit.Page}")),
        Filter.Comparison compare => CompareShown(compare, Value(compare.Dimension, row)),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>A pattern of names of countries is of their names; all else is of codes.</summary>
    private static bool CompareShown(Filter.Comparison compare, string text) =>
        compare is { Dimension.Kind: DimensionKind.CountryName, Operator: FilterOperator.Matches }
        ? CountryNames.All.Any(named => named.Country.Code == text && Compare(compare, named.Name))
        : Compare(compare, text);

    private static bool Compare(Filter.Comparison compare, string text) => compare.Values.Any(value => compare.Operator switch
    {
        FilterOperator.Is =>
            string.Equals(text, value, compare.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase),
        FilterOperator.Contains =>
            text.Contains(value, compare.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase),
        _ => Regex.IsMatch(text, value, compare.CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase),
    });

    private static IEnumerable<Filter.Comparison> Compares(Filter? filter) => filter switch
    {
        Filter.Comparison compare => [compare],
        Filter.All all => all.Operands.SelectMany(Compares),
        Filter.Any any => any.Operands.SelectMany(Compares),
        Filter.Not not => Compares(not.Operand),
        _ => [],
    };

    private static bool HasDone(Filter filter) => filter is Filter.HasDone || (filter is Filter.Not not && HasDone(not.Operand))
        || (filter is Filter.All all && all.Operands.Any(HasDone)) || (filter is Filter.Any any && any.Operands.Any(HasDone));

    private static Filter.All WithoutGoals(Filter? filter)
    {
        IReadOnlyList<Filter> of = filter is Filter.All all ? all.Operands : filter is null ? [] : [filter];
        return new Filter.All([.. of.Where(each =>
            HasDone(each) || Compares(each).Any(compare => compare.Dimension.Kind is not (DimensionKind.Goal or DimensionKind.Prop)))]);
    }

    private static Dimension Entered(Dimension dimension) => dimension.Kind switch
    {
        DimensionKind.Page => new(DimensionKind.EntryPage),
        DimensionKind.Hostname => new(DimensionKind.EntryHostname),
        _ => dimension,
    };

    private static Dimension Left(Dimension dimension) => dimension.Kind switch
    {
        DimensionKind.Page => new(DimensionKind.ExitPage),
        DimensionKind.Hostname => new(DimensionKind.ExitHostname),
        _ => dimension,
    };

    private static Dimension Seen(Dimension dimension) => dimension.Kind switch
    {
        DimensionKind.ExitPage => new(DimensionKind.Page),
        DimensionKind.ExitHostname => new(DimensionKind.Hostname),
        _ => dimension,
    };

    private static Filter? Replaced(Filter? filter, Func<Dimension, Dimension> dimension) => filter switch
    {
        Filter.Comparison compare => compare with { Dimension = dimension(compare.Dimension) },
        Filter.All all => new Filter.All([.. all.Operands.Select(of => Replaced(of, dimension)!)]),
        Filter.Any any => new Filter.Any([.. any.Operands.Select(of => Replaced(of, dimension)!)]),
        Filter.Not not => new Filter.Not(Replaced(not.Operand, dimension)!),
        _ => filter,
    };

    private static double? Round(double sum, long count, int decimals, double? none)
    {
        if (count == 0) return none;
        var factor = Math.Pow(10, decimals);
        return Math.Round(sum / count * factor, MidpointRounding.AwayFromZero) / factor;
    }

    private StatsResult Bots(StatsQuery query)
    {
        var rows = shop.Bots.Where(bot => bot.Site == site && Within(bot.Time) && Matches(query.Filter, bot))
            .GroupBy(bot => string.Concat(query.Dimensions.Select(dimension =>
                (dimension.Kind <= DimensionKind.Month ? Time(dimension.Kind, bot.Time, bot.Zone) : Value(dimension, bot)) + "\u0001")))
            .Select(group => new StatsRow(query.Dimensions.Count == 0 ? [] : group.Key[..^1].Split('\u0001'), [(long)group.Count()]))
            .ToList();
        if (rows.Count == 0 && query.Dimensions.Count == 0) rows.Add(new StatsRow([], [0L]));
        return Sorted(query, rows);
    }

    private static string Value(Dimension dimension, ModelBot bot) => dimension.Kind switch
    {
        DimensionKind.Country => bot.Country.Code,
        DimensionKind.Page => bot.Page,
        _ => bot.Reason == BotReason.UserAgent ? "user_agent" : "referrer_spam",
    };

    private static bool Matches(Filter? filter, ModelBot bot) => filter switch
    {
        null => true,
        Filter.All all => all.Operands.All(of => Matches(of, bot)),
        Filter.Any any => any.Operands.Any(of => Matches(of, bot)),
        Filter.Not not => !Matches(not.Operand, bot),
        Filter.Comparison compare => CompareShown(compare, Value(compare.Dimension, bot)),
        _ => throw new InvalidOperationException(),
    };

    public FunnelStats Query(FunnelQuery query)
    {
        var rows = new Dictionary<string, long[]>();
        foreach (var visit in _visits.Where(visit => Within(visit.Start) || (query.Filter is null
            && query.Dimension is null or { Kind: >= DimensionKind.Page and <= DimensionKind.ItemBrand } && period.Days is not null)))
        {
            var hits = visit.Hits.Where(hit => Within(hit.Time) && hit.Kind != 9).ToList();
            if (!visit.Hits.Any(hit => Within(hit.Time) && Matches(query.Filter, new Row(hit, null)))) continue;
            var at = -1;
            var label = "";
            for (var step = 0; step < query.Steps.Count; step++)
            {
                at = hits.FindIndex(at + 1, hit => Matches(query.Steps[step], new Row(hit, null)));
                if (at < 0) break;
                if (step == 0) label = query.Dimension is not { } dimension ? "" : dimension.Kind <= DimensionKind.Month
                    ? Time(dimension.Kind, visit.Start, visit.Hits[0].Zone) : Value(dimension, new Row(hits[at], null));
                if (!rows.TryGetValue(label, out var counts)) rows[label] = counts = new long[query.Steps.Count];
                counts[step]++;
            }
        }
        if (query.Dimension is null && rows.Count == 0) rows[""] = new long[query.Steps.Count];
        return new FunnelStats([.. rows.Select(row => new FunnelRow(row.Key, row.Value)).OrderByDescending(row => row.Visits[0])
            .ThenBy(row => row.Dimension, StringComparer.Ordinal).Take(query.Limit)]);
    }
}
