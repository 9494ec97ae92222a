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
    private long _lines, _blank, _known, _knownLines, _old, _oldLines, _purchases, _refunds, _duplicates;
    private decimal _units, _revenue, _refunded;
    private long _earliest = long.MaxValue, _latest = long.MinValue;

    public void Blank() => (_lines, _blank) = (_lines + 1, _blank + 1);

    public void Refuse(long line, OrderLineError error)
    {
        (_lines, _refused[(int)error]) = (_lines + 1, _refused[(int)error] + 1);
        if (_first.Count < OrderSummary.MostRefused) _first.Add(new MalformedLine(line, error.Describe()));
    }

    /// <summary>An order that was imported before.</summary>
    public void Known(Order order) => (_lines, _known, _knownLines) = (_lines + order.Lines.Count, _known + 1, _knownLines + order.Lines.Count);

    /// <summary>An order that is older than the history keeps anything.</summary>
    public void Old(Order order) => (_lines, _old, _oldLines) = (_lines + order.Lines.Count, _old + 1, _oldLines + order.Lines.Count);

    public void Counted(in Hit hit, in OrderHits.Part part)
    {
        _lines += part.Lines.Count;
        if (part.Cancelled) (_refunds, _refunded) = (_refunds + 1, _refunded + part.Value);
        else (_purchases, _revenue, _units) = (_purchases + 1, _revenue + part.Value, _units + part.Units);
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
        _first.AddRange(other._first.Take(OrderSummary.MostRefused - _first.Count));
        (_lines, _blank, _known, _knownLines) = (_lines + other._lines, _blank + other._blank, _known + other._known, _knownLines + other._knownLines);
        (_old, _oldLines) = (_old + other._old, _oldLines + other._oldLines);
        (_purchases, _refunds, _duplicates) = (_purchases + other._purchases, _refunds + other._refunds, _duplicates + other._duplicates);
        (_units, _revenue, _refunded) = (_units + other._units, _revenue + other._revenue, _refunded + other._refunded);
        (_earliest, _latest) = (Math.Min(_earliest, other._earliest), Math.Max(_latest, other._latest));
    }

    public void Clear()
    {
        _refused.AsSpan().Clear();
        _countries.AsSpan().Clear();
        _unmapped.Clear();
        _first.Clear();
        (_lines, _blank, _known, _knownLines, _purchases, _refunds, _duplicates) = (0, 0, 0, 0, 0, 0, 0);
        (_old, _oldLines) = (0, 0);
        (_units, _revenue, _refunded) = (0, 0, 0);
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
        Revenue = Decimals.Plain(_revenue),
        Refunded = Decimals.Plain(_refunded),
        Countries = Enumerable.Range(0, Country.Count).Where(i => _countries[i] > 0).OrderByDescending(i => _countries[i])
            .ToDictionary(i => new Country((ushort)i).Code, i => _countries[i]),
        Unmapped = _unmapped.OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal).ToDictionary(),
        First = _purchases + _refunds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_earliest) : null,
        Last = _purchases + _refunds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_latest) : null,
    };

    private static void AddTo(Dictionary<string, long> counts, string name, long more)
    {
        counts.TryGetValue(name, out var before);
        // A file whose column of countries has anything but countries must not fill the memory.
        if (before == 0 && counts.Count >= OrderSummary.MostUnmapped) name = OrderSummary.OtherNames;
        counts[name] = counts.GetValueOrDefault(name) + more;
    }
}
