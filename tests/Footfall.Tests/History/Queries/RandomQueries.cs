using Footfall.Common;
using Footfall.History;

namespace Footfall.Tests.History.Queries;

/// <summary>Generates queries about a shop.</summary>
internal sealed class RandomQueries(ModelShop shop, int seed)
{
    private static readonly Metric[] Metrics = [.. Enum.GetValues<Metric>().Where(metric => metric != Metric.BotHits)];

    private static readonly DimensionKind[] VisitKinds =
        [.. Enum.GetValues<DimensionKind>().Where(kind => kind is >= DimensionKind.Country and <= DimensionKind.ExitHostname)];

    private static readonly DimensionKind[] HitKinds =
        [.. Enum.GetValues<DimensionKind>().Where(kind => kind is >= DimensionKind.Page and <= DimensionKind.ItemBrand)];

    private readonly Random _random = new(seed);

    public StatsQuery NextQuery()
    {
        var site = Site();
        var period = Period(site);
        var dimensions = new List<Dimension>();
        for (var i = _random.Next(3); i > 0; i--) dimensions.Add(Dimension(period));
        dimensions = [.. dimensions.Distinct()];
        var metrics = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => One(Metrics)).Distinct().ToList();
        var orders = new List<SortColumn>();
        if (dimensions.Count > 0)
            for (var i = _random.Next(3); i > 0; i--)
                orders.Add(_random.Next(3) > 0 ? new SortColumn(_random.Next(metrics.Count), -1, _random.Next(2) == 0)
                    : new SortColumn(-1, _random.Next(dimensions.Count), _random.Next(2) == 0));
        var few = _random.Next(3) == 0 && dimensions.Count > 0;
        return new StatsQuery(site, period, metrics, dimensions, _random.Next(3) == 0 ? null : Filter(2), orders, few ? _random.Next(1, 6)
            : 10_000, few ? _random.Next(4) : 0, _random.Next(2) == 0);
    }

    /// <summary>A query of orders, units and money alone, by one or two dimensions, for one page of the result.</summary>
    public StatsQuery NextMoneyQuery()
    {
        Metric[] metrics =
            [Metric.Orders, Metric.Units, Metric.Revenue, Metric.Refunds, Metric.NetRevenue, Metric.AverageOrder, Metric.TotalRevenue];
        var query = NextQuery();
        List<Dimension> dimensions = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ =>
            _random.Next(3) == 0 ? new(One([DimensionKind.ItemId, DimensionKind.ItemBrand])) : Dimension(query.Period)).Distinct()];
        List<Metric> asked = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => One(metrics)).Distinct()];
        List<SortColumn> orders = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => _random.Next(3) > 0
            ? new SortColumn(_random.Next(asked.Count), -1, _random.Next(2) == 0)
            : new SortColumn(-1, _random.Next(dimensions.Count), _random.Next(2) == 0))];
        return query with
        {
            Dimensions = dimensions,
            Metrics = asked,
            OrderBy = orders,
            Limit = _random.Next(2) == 0 ? _random.Next(6)
            : 10_000,
            Offset = _random.Next(2) == 0 ? _random.Next(8) : 0
        };
    }

    public StatsQuery NextBotQuery()
    {
        var site = Site();
        DimensionKind[] kinds =
            [DimensionKind.BotReason, DimensionKind.Country, DimensionKind.Day, DimensionKind.Month, DimensionKind.Page];
        List<Dimension> dimensions = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => new Dimension(One(kinds))).Distinct()];
        Filter? filter = _random.Next(4) switch
        {
            0 => new Filter.Comparison(new(DimensionKind.BotReason), FilterOperator.Contains, ["agent"]),
            1 => new Filter.Not(new Filter.Comparison(new(DimensionKind.Country), FilterOperator.Is, ["DE", "FR"])),
            2 => new Filter.Comparison(new(DimensionKind.BotReason), FilterOperator.Is, ["referrer_spam"]),
            _ => null,
        };
        return new StatsQuery(site, Period(site), [Metric.BotHits], dimensions, filter, _random.Next(2) == 0 ? [new SortColumn(0, -1, true)]
            : [], CountRows: true);
    }

    public FunnelQuery NextFunnel()
    {
        var site = Site();
        string[] names = ["page_view", "view_item", "add_to_cart", "begin_checkout", "purchase"];
        List<Filter> steps = [];
        if (_random.Next(2) == 0)
        {
            foreach (var name in names.Where(_ => _random.Next(2) == 0))
                steps.Add(new Filter.Comparison(new(DimensionKind.EventName), FilterOperator.Is, [name]));
        }
        while (steps.Count < 2) steps.Add(_random.Next(2) == 0
            ? new Filter.Comparison(new(DimensionKind.EventName), FilterOperator.Is, [One(names)]) : WithoutItems());
        Dimension? dimension = _random.Next(4) switch
        {
            0 => null,
            1 => new(DimensionKind.Country),
            2 => new(DimensionKind.Page),
            _ => new(One(VisitKinds)),
        };
        Filter? filter = _random.Next(2) == 0 ? null
            : new Filter.Comparison(new(One(VisitKinds)), FilterOperator.Is, [One(ModelShop.Texts), "DE"]);
        return new FunnelQuery(site, Period(site), steps, dimension, filter, _random.Next(3) == 0 ? 2 : 1_000);
    }

    private Filter.Comparison WithoutItems()
    {
        while (true)
        {
            var compare = Compare();
            if (compare.Dimension.Kind is < DimensionKind.ItemId or > DimensionKind.ItemBrand) return compare;
        }
    }

    private Site Site() => _random.Next(3) == 0 ? shop.Santiago : shop.Berlin;

    private Period Period(Site site)
    {
        var (first, last) = shop.Days(site);
        int from = _random.Next(first - 2, last + 1), to = _random.Next(from, last + 3);
        if (_random.Next(3) == 0) (from, to) = (first - 40, last + 10);
        if (_random.Next(5) > 0) return new Period(site.StartOf(from), site.StartOf(to + 1), (from, to));
        return new Period(site.StartOf(from) + _random.Next(80_000_000), site.StartOf(to + 1) + _random.Next(80_000_000), null);
    }

    private Dimension Dimension(Period period) => _random.Next(4) switch
    {
        0 => new(One([DimensionKind.Hour, DimensionKind.Day, DimensionKind.Week, DimensionKind.Month, DimensionKind.Minute])),
        1 => new(DimensionKind.Country),
        2 => new(One(VisitKinds)),
        _ => One(HitKinds) is var kind && kind == DimensionKind.Prop ? new(kind, One(["plan", "size", "no one has it"])) : new(kind),
    };

    private Filter Filter(int depth)
    {
        if (depth == 0 || _random.Next(3) > 0) return Compare();
        return _random.Next(4) switch
        {
            0 => new Filter.All([Filter(depth - 1), Filter(depth - 1)]),
            1 => new Filter.Any([Filter(depth - 1), Filter(depth - 1)]),
            2 => new Filter.Not(Filter(depth - 1)),
            _ => new Filter.HasDone(Filter(depth - 1)),
        };
    }

    private Filter.Comparison Compare()
    {
        var kind = _random.Next(3) switch { 0 => DimensionKind.Country, 1 => One(VisitKinds), _ => One(HitKinds) };
        string[] values = kind switch
        {
            DimensionKind.Country or DimensionKind.CountryName => ModelShop.Codes,
            DimensionKind.EntryPage or DimensionKind.ExitPage or DimensionKind.Page => [.. ModelShop.Pages, ""],
            DimensionKind.EntryHostname or DimensionKind.ExitHostname or DimensionKind.Hostname => ModelShop.Hosts,
            DimensionKind.EventName => ModelShop.Names,
            DimensionKind.Goal => [.. ModelShop.Names, "Visit /", "Visit /blog/1", "Visit us"],
            DimensionKind.Prop => ["gold", "L", ""],
            DimensionKind.Currency => ["EUR", "USD", ""],
            DimensionKind.ItemId => ["SKU1", "SKU2"],
            DimensionKind.ItemName => ["Lamp 0", "Lamp 1"],
            DimensionKind.ItemCategory => ["Home", ""],
            DimensionKind.ItemBrand => ["Acme", ""],
            _ => ModelShop.Texts,
        };
        var of = One([FilterOperator.Is, FilterOperator.Is, FilterOperator.Is, FilterOperator.Contains, FilterOperator.Matches]);
        List<string> chosen = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => One(values))];
        if (of == FilterOperator.Contains) chosen = [.. chosen.Select(value => value.Length > 1 ? value[1..] : value)];
        if (of == FilterOperator.Matches) chosen =
            [.. chosen.Select(value => value.Length > 2 ? $"^{System.Text.RegularExpressions.Regex.Escape(value[..2])}.*$" : "^$")];
        return new Filter.Comparison(kind == DimensionKind.Prop ? new(kind, One(["plan", "size"]))
            : new(kind), of, chosen, _random.Next(4) > 0);
    }

    private T One<T>(T[] of) => of[_random.Next(of.Length)];
}
