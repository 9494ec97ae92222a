using Footfall.Common;

namespace Footfall.Import.Orders;

/// <summary>Counts the outcomes of lines and orders: those of one batch, and the total of the durable ones.</summary>
internal sealed class OrderImportCounts : IImportCounts<OrderImportCounts>
{
    private readonly long[] _rejected = new long[Enum.GetValues<OrderLineError>().Length];
    private readonly long[] _countries = new long[Country.Count];
    private readonly Dictionary<string, long> _unmapped = [];
    private readonly List<MalformedLine> _firstRejected = [];
    private readonly List<string> _firstHeldBack = [], _firstPartial = [];
    private readonly SortedDictionary<string, OrderMoney> _money = new(StringComparer.Ordinal);
    private long _lines, _blank, _known, _knownLines, _expired, _expiredLines, _purchases, _refunds, _duplicates, _heldBack, _partial;
    private decimal _units;
    private long _earliest = long.MaxValue, _latest = long.MinValue;

    public void AddBlank() => (_lines, _blank) = (_lines + 1, _blank + 1);

    public void AddRejected(long line, OrderLineError error)
    {
        (_lines, _rejected[(int)error]) = (_lines + 1, _rejected[(int)error] + 1);
        if (_firstRejected.Count < OrderSummary.MaxListed) _firstRejected.Add(new MalformedLine(line, error.Describe()));
    }

    /// <summary>An order that is not counted, because of one of its lines.</summary>
    public void AddHeldBack(string order)
    {
        _heldBack++;
        AppendUpToLimit(_firstHeldBack, [order]);
    }

    /// <summary>An order with missing lines.</summary>
    public void AddPartial(string order)
    {
        _partial++;
        AppendUpToLimit(_firstPartial, [order]);
    }

    /// <summary>An order that was imported before.</summary>
    public void AddKnown(ImportedOrder order) =>
        (_lines, _known, _knownLines) = (_lines + order.Lines.Count, _known + 1, _knownLines + order.Lines.Count);

    /// <summary>An order that is older than anything the history keeps.</summary>
    public void AddExpired(ImportedOrder order) =>
        (_lines, _expired, _expiredLines) = (_lines + order.Lines.Count, _expired + 1, _expiredLines + order.Lines.Count);

    public void AddCounted(in Hit hit, in OrderHitFactory.OrderPart part)
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

    /// <summary>The journal has the purchase: the shop sent it itself a few hours ago.</summary>
    public void AddOutcome(in HitOutcome outcome)
    {
        if (outcome.Duplicate) _duplicates++;
    }

    public void Add(OrderImportCounts other)
    {
        for (var i = 0; i < _rejected.Length; i++) _rejected[i] += other._rejected[i];
        for (var i = 0; i < _countries.Length; i++) _countries[i] += other._countries[i];
        foreach (var (name, orders) in other._unmapped) AddTo(_unmapped, name, orders);
        foreach (var (currency, money) in other._money) AddTo(_money, currency, money);
        _firstRejected.AddRange(other._firstRejected.Take(OrderSummary.MaxListed - _firstRejected.Count));
        AppendUpToLimit(_firstHeldBack, other._firstHeldBack);
        AppendUpToLimit(_firstPartial, other._firstPartial);
        (_heldBack, _partial, _units) = (_heldBack + other._heldBack, _partial + other._partial, _units + other._units);
        (_lines, _blank, _known, _knownLines) =
            (_lines + other._lines, _blank + other._blank, _known + other._known, _knownLines + other._knownLines);
        (_expired, _expiredLines) = (_expired + other._expired, _expiredLines + other._expiredLines);
        (_purchases, _refunds, _duplicates) = (_purchases + other._purchases, _refunds + other._refunds, _duplicates + other._duplicates);
        (_earliest, _latest) = (Math.Min(_earliest, other._earliest), Math.Max(_latest, other._latest));
    }

    public void Clear()
    {
        _rejected.AsSpan().Clear();
        _countries.AsSpan().Clear();
        _unmapped.Clear();
        _money.Clear();
        _firstRejected.Clear();
        _firstHeldBack.Clear();
        _firstPartial.Clear();
        (_expired, _expiredLines) = (0, 0);
        (_lines, _blank, _known, _knownLines, _purchases, _refunds, _duplicates, _heldBack, _partial, _units) =
            (0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        (_earliest, _latest) = (long.MaxValue, long.MinValue);
    }

    public OrderSummary ToSummary() => new()
    {
        Lines = _lines,
        Blank = _blank,
        Refused = Enum.GetValues<OrderLineError>().Where(error => _rejected[(int)error] > 0)
            .ToDictionary(error => error, error => _rejected[(int)error]),
        FirstRefused = [.. _firstRejected.OrderBy(line => line.Line)],
        KnownOrders = _known,
        KnownLines = _knownLines,
        OldOrders = _expired,
        OldLines = _expiredLines,
        Purchases = _purchases,
        Refunds = _refunds,
        Duplicates = _duplicates,
        Units = Decimals.TrimZeros(_units),
        Money = _money.ToDictionary(money => money.Key, money =>
            new OrderMoney(Decimals.TrimZeros(money.Value.Revenue), Decimals.TrimZeros(money.Value.Refunded))),
        HeldBack = _heldBack,
        FirstHeldBack = [.. _firstHeldBack],
        InPart = _partial,
        FirstInPart = [.. _firstPartial],
        Countries = Enumerable.Range(0, Country.Count).Where(i => _countries[i] > 0).OrderByDescending(i => _countries[i])
            .ToDictionary(i => new Country((ushort)i).Code, i => _countries[i]),
        Unmapped = _unmapped.OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal).ToDictionary(),
        First = _purchases + _refunds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_earliest) : null,
        Last = _purchases + _refunds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_latest) : null,
    };

    private static void AppendUpToLimit(List<string> first, IReadOnlyList<string> more) =>
        first.AddRange(more.Take(OrderSummary.MaxListed - first.Count));

    private static void AddTo(SortedDictionary<string, OrderMoney> all, string currency, OrderMoney more)
    {
        var before = all.GetValueOrDefault(currency);
        all[currency] = new(before.Revenue + more.Revenue, before.Refunded + more.Refunded);
    }

    private static void AddTo(Dictionary<string, long> counts, string name, long more)
    {
        counts.TryGetValue(name, out var before);
        // A file whose country column has no countries must not fill the memory.
        if (before == 0 && counts.Count >= OrderSummary.MaxUnmappedNames) name = OrderSummary.OtherNamesLabel;
        counts[name] = counts.GetValueOrDefault(name) + more;
    }
}
