using Footfall.Common;
using Footfall.History;

namespace Footfall.Tests.History.Queries;

internal sealed record ModelItem(string Id, string Name, string Category, string Brand, decimal Price, decimal Quantity);

internal sealed record ModelHit(
    ModelVisit Visit, long Time, short Zone, int Kind, string Page, string Host, string Name, IReadOnlyDictionary<string, string> Props,
    decimal? Value, string Currency,
    IReadOnlyList<ModelItem> Items, bool Late);

internal sealed class ModelVisit(Site site, int day, long number, long visitor, Country country, IReadOnlyDictionary<DimensionKind,
    string> attributes, bool late)
{
    public Site Site => site;

    public int Day => day;

    public long Number => number;

    public long Visitor => visitor;

    public Country Country => country;

    public IReadOnlyDictionary<DimensionKind, string> Attributes => attributes;

    public bool Late => late;

    /// <summary>In the order of time, and of the journal where times are equal.</summary>
    public List<ModelHit> Hits { get; } = [];

    public long Start => Hits[0].Time;
}

internal sealed record ModelBot(Site Site, long Time, short Zone, Country Country, BotReason Reason, string Page);

/// <summary>
/// A small made-up history: two shops where the clock is changed, visits of every kind, days that are open, and days that got hits after
/// they were closed.
/// </summary>
internal sealed class ModelShop
{
    public static readonly string[] Texts = ["", "google", "Tom's", "a%b", "Ünicode", "x\"y"];

    public static readonly string[] Pages = ["/", "/a", "/blog/1", "/blog/Two", "/it's"];

    public static readonly string[] Hosts = ["shop.example", "www.shop.example"];

    public static readonly string[] Codes = ["DE", "FR", "AT", "ZZ"];

    public static readonly string[] Names = ["visit", "page_view", "view_item", "add_to_cart", "remove_from_cart", "begin_checkout",
        "purchase", "refund", "signup", "purchase"];

    public static readonly DimensionKind[] AttributeKinds =
    [
        DimensionKind.Source, DimensionKind.Channel, DimensionKind.Referrer, DimensionKind.UtmSource, DimensionKind.UtmMedium,
        DimensionKind.UtmCampaign,
        DimensionKind.UtmContent, DimensionKind.UtmTerm, DimensionKind.Browser, DimensionKind.BrowserVersion, DimensionKind.Os,
        DimensionKind.OsVersion,
        DimensionKind.Device, DimensionKind.Screen, DimensionKind.Language,
    ];

    private readonly Random _random;
    private long _numbers;

    public ModelShop(int seed)
    {
        _random = new Random(seed);
        Berlin = new Site(1, "berlin.example", TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), "EUR");
        Santiago = new Site(2, "santiago.example", TimeZoneInfo.FindSystemTimeZoneById("America/Santiago"), "USD");
        Add(Berlin, 18);
        Add(Santiago, 24);
    }

    public Site Berlin { get; }

    public Site Santiago { get; }

    public List<ModelVisit> Visits { get; } = [];

    public List<ModelBot> Bots { get; } = [];

    public static int Day(int year, int month, int day) => new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;

    public (int First, int Last) Days(Site site) =>
        site == Berlin ? (Day(2026, 10, 19), Day(2026, 11, 5)) : (Day(2026, 9, 3), Day(2026, 9, 10));

    /// <summary>Days that are not closed at all.</summary>
    public bool IsOpen(Site site, int day) => day > Days(site).Last - 2;

    /// <summary>Days that are closed, and get hits afterwards.</summary>
    public bool IsLate(Site site, int day) => day == (site == Berlin ? Day(2026, 11, 2) : Day(2026, 9, 6));

    private void Add(Site site, int visits)
    {
        for (var day = Days(site).First; day <= Days(site).Last; day++)
        {
            for (var i = _random.Next(visits); i >= 0; i--) AddVisits(site, day);
            for (var i = _random.Next(3); i > 0; i--)
            {
                var time = Moment(site, day);
                Bots.Add(new ModelBot(site, time, Zone(site, time), OneCountry(), (BotReason)_random.Next(1, 3), One(Pages)));
            }
        }
    }

    /// <summary>One visitor, with one or two visits; a second one may be from another country, with the same browser.</summary>
    private void AddVisits(Site site, int day)
    {
        var visitor = ++_numbers;
        var same = AttributeKinds.Where(kind => kind is >= DimensionKind.Browser and <= DimensionKind.Device)
            .ToDictionary(kind => kind, _ => One(Texts));
        for (var i = _random.Next(4) == 0 ? 2 : 1; i > 0; i--)
        {
            var late = IsLate(site, day) && _random.Next(3) == 0;
            var attributes = AttributeKinds.ToDictionary(kind => kind, kind => same.TryGetValue(kind, out var known) ? known : One(Texts));
            var visit = new ModelVisit(site, day, ++_numbers, visitor, OneCountry(), attributes, late);
            AddHits(visit);
            Visits.Add(visit);
        }
    }

    private void AddHits(ModelVisit visit)
    {
        var time = Moment(visit.Site, visit.Day);
        if (_random.Next(10) == 0)
        {
            Hit(visit, time, 0, visit.Late);
            return;
        }
        var used = new HashSet<(long, int)>();
        var late = visit.Late;
        for (var i = _random.Next(1, 9); i > 0; i--)
        {
            var kind = visit.Hits.Count == 0 && _random.Next(4) > 0 ? 1 : _random.Next(1, 10);
            while (!used.Add((time, kind))) time++;
            if (visit.Site.DayOf(time) != visit.Day) return;
            late |= IsLate(visit.Site, visit.Day) && visit.Hits.Count > 0 && _random.Next(4) == 0;
            Hit(visit, time, kind, late);
            if (_random.Next(3) > 0) time += _random.Next(1, 600_000);
        }
    }

    private void Hit(ModelVisit visit, long time, int kind, bool late)
    {
        var name = kind == 8 ? One(["signup", "engagement", "Visit us"]) : Names[kind];
        var props = name == "engagement"
            ? new Dictionary<string, string> { ["scroll"] = $"{_random.Next(101)}", ["seconds"] = $"{_random.Next(60)}" }
            : _random.Next(3) == 0
                ? new Dictionary<string, string> { ["plan"] = One(["gold", "silver", "it's"]), ["size"] = One(["L", "M"]) } : [];
        List<ModelItem> items = kind > 0 && _random.Next(4) < (kind == 1 ? 1 : 3)
            ? [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => OneItem()).DistinctBy(item => item.Id)] : [];
        var value = kind is 6 or 7 || (kind == 8 && _random.Next(2) == 0) ? _random.Next(1, 100_000) / 100m : default(decimal?);
        visit.Hits.Add(new ModelHit(
            visit, time, Zone(visit.Site, time), kind, kind == 0 ? "" : One(Pages), kind == 0 ? "" : One(Hosts), name, props, value,
            value is null && items.Count == 0 ? "" : _random.Next(3) > 0 ? visit.Site.Currency : One(["EUR", "USD", "CHF"]), items, late));
    }

    private ModelItem OneItem()
    {
        var id = _random.Next(4);
        return new ModelItem($"SKU{id}", $"Lamp {id % 3}", id % 2 == 0 ? "Home"
            : "", One(["", "Acme"]), _random.Next(1, 10_000) / 100m, _random.Next(1, 4));
    }

    private long Moment(Site site, int day)
    {
        var from = site.StartOf(day);
        // Some near midnight, where days go wrong.
        return _random.Next(4) == 0 ? from + _random.Next(60_000) : from + (long)(_random.NextDouble() * (site.StartOf(day + 1) - from));
    }

    private Country OneCountry() => Country.FromStored(One(Codes));

    private string One(string[] of) => of[_random.Next(of.Length)];

    private static short Zone(Site site, long time) =>
        (short)site.TimeZone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(time)).TotalMinutes;
}
