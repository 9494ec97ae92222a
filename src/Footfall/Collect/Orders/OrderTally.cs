using Footfall.Collect.AccessLog;
using Footfall.Words;

namespace Footfall.Collect.Orders;

/// <summary>Counts what became of lines and orders: of one batch, and added up of those that are durable.</summary>
internal sealed class OrderTally : IImportTally<OrderTally>
{
    private readonly long[] _refused = new long[Enum.GetValues<OrderLineError>().Length];
    private readonly long[] _countries = new long[Country.Count];
    private readonly Dictionary<string, long> _unmapped = [];
    private readonly List<MalformedLine> _first = [];
    private readonly List<string> _heldBackFirst = [], _inPartFirst = [];
    private readonly SortedDictionary<string, OrderMoney> _money = new(StringComparer.Ordinal);
    private long _lines, _blank, _known, _knownLines, _old, _oldLines, _purchases, _refunds, _duplicates, _heldBack, _inPart;
    private decimal _units;
    private long _earliest = long.MaxValue, _latest = long.MinValue;

    public void Blank() => (_lines, _blank) = (_lines + 1, _blank + 1);

    public void Refuse(long line, OrderLineError error)
    {
        (_lines, _refused[(int)error]) = (_lines + 1, _refused[(int)error] + 1);
        if (_first.Count < OrderSummary.MostRefused) _first.Add(new MalformedLine(line, error.Describe()));
    }

    /// <summary>An order that is not counted, because of one of its lines.</summary>
    public void HeldBack(string order)
    {
        _heldBack++;
        Keep(_heldBackFirst, [order]);
    }

    /// <summary>An order of which lines are missing.</summary>
    public void InPart(string order)
    {
        _inPart++;
        Keep(_inPartFirst, [order]);
    }

    /// <summary>An order that was imported before.</summary>
    public void Known(Order order) => (_lines, _known, _knownLines) = (_lines + order.Lines.Count, _known + 1, _knownLines + order.Lines.Count);

    /// <summary>An order that is older than the history keeps anything.</summary>
    public void Old(Order order) => (_lines, _old, _oldLines) = (_lines + order.Lines.Count, _old + 1, _oldLines + order.Lines.Count);

    public void Counted(in Hit hit, in OrderHits.Part part)
    {
        _lines += part.Lines.Count;
        AddTo(_money, part.Lines[0].Currency, part.Cancelled ? new(0, part.Value) : new(part.Value, 0));
        if (part.Cancelled) _refunds++;
        else (_purchases, _units) = (_purchases + 1, _units + part.Units);
        _countries[hit.Country.Index]++;
        if (part.Lines[0].Unmapped is { } name) AddTo(_unmapped, name, 1);
        _earliest = Math.Min(_earliest, hit.Time);
        _latest = Math.Max(_latest, hit.Time);
    }

    /// <summary>The journal knows a purchase that a shop has sent itself a few hours ago.</summary>
    public void Note(in Outcome outcome)
    {
        if (outcome.Duplicate) _duplicates++;
    }

    public void Add(OrderTally other)
    {
        for (var i = 0; i < _refused.Length; i++) _refused[i] += other._refused[i];
        for (var i = 0; i < _countries.Length; i++) _countries[i] += other._countries[i];
        foreach (var (name, orders) in other._unmapped) AddTo(_unmapped, name, orders);
        foreach (var (currency, money) in other._money) AddTo(_money, currency, money);
        _first.AddRange(other._first.Take(OrderSummary.MostRefused - _first.Count));
        Keep(_heldBackFirst, other._heldBackFirst);
        Keep(_inPartFirst, other._inPartFirst);
        (_heldBack, _inPart, _units) = (_heldBack + other._heldBack, _inPart + other._inPart, _units + other._units);
        (_lines, _blank, _known, _knownLines) = (_lines + other._lines, _blank + other._blank, _known + other._known, _knownLines + other._knownLines);
        (_old, _oldLines) = (_old + other._old, _oldLines + other._oldLines);
        (_purchases, _refunds, _duplicates) = (_purchases + other._purchases, _refunds + other._refunds, _duplicates + other._duplicates);
        (_earliest, _latest) = (Math.Min(_earliest, other._earliest), Math.Max(_latest, other._latest));
    }

    public void Clear()
    {
        _refused.AsSpan().Clear();
        _countries.AsSpan().Clear();
        _unmapped.Clear();
        _money.Clear();
        _first.Clear();
        _heldBackFirst.Clear();
        _inPartFirst.Clear();
        (_old, _oldLines) = (0, 0);
        (_lines, _blank, _known, _knownLines, _purchases, _refunds, _duplicates, _heldBack, _inPart, _units) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        (_earliest, _latest) = (long.MaxValue, long.MinValue);
    }

    public OrderSummary Summary() => new()
    {
        Lines = _lines,
        Blank = _blank,
        Refused = Enum.GetValues<OrderLineError>().Where(error => _refused[(int)error] > 0).ToDictionary(error => error, error => _refused[(int)error]),
        FirstRefused = [.. _first.OrderBy(line => line.Line)],
        KnownOrders = _known,
        KnownLines = _knownLines,
        OldOrders = _old,
        OldLines = _oldLines,
        Purchases = _purchases,
        Refunds = _refunds,
        Duplicates = _duplicates,
        Units = Decimals.Plain(_units),
        Money = _money.ToDictionary(money => money.Key, money => new OrderMoney(Decimals.Plain(money.Value.Revenue), Decimals.Plain(money.Value.Refunded))),
        HeldBack = _heldBack,
        FirstHeldBack = [.. _heldBackFirst],
        InPart = _inPart,
        FirstInPart = [.. _inPartFirst],
        Countries = Enumerable.Range(0, Country.Count).Where(i => _countries[i] > 0).OrderByDescending(i => _countries[i])
            .ToDictionary(i => new Country((ushort)i).Code, i => _countries[i]),
        Unmapped = _unmapped.OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal).ToDictionary(),
        First = _purchases + _refunds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_earliest) : null,
        Last = _purchases + _refunds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_latest) : null,
    };

    private static void Keep(List<string> first, IReadOnlyList<string> more) => first.AddRange(more.Take(OrderSummary.MostRefused - first.Count));

    private static void AddTo(SortedDictionary<string, OrderMoney> all, string currency, OrderMoney more)
    {
        var before = all.GetValueOrDefault(currency);
        all[currency] = new(before.Revenue + more.Revenue, before.Refunded + more.Refunded);
    }

    private static void AddTo(Dictionary<string, long> counts, string name, long more)
    {
        counts.TryGetValue(name, out var before);
        // A file whose column of countries has anything but countries must not fill the memory.
        if (before == 0 && counts.Count >= OrderSummary.MostUnmapped) name = OrderSummary.OtherNames;
        counts[name] = counts.GetValueOrDefault(name) + more;
    }
}
