using System.Text;
using Footfall.Words;

namespace Footfall.Collect.Orders;

/// <summary>Looks for a column of currencies that nobody named: without it, amounts in other currencies become amounts in that of the shop.</summary>
internal sealed class CurrencyWatch
{
    /// <summary>What the word for it begins with in the languages of most shop systems; none of them begins another word of a header.</summary>
    private static readonly string[] Words = ["currenc", "währung", "waehrung", "devise", "moneda", "valuta", "moeda", "waluta"];

    private readonly string[] _header;
    private readonly bool[] _named, _may, _has;

    public CurrencyWatch(string[] header, OrderColumns columns)
    {
        var used = columns[OrderColumn.Currency] >= 0;
        _header = header;
        _may = [.. header.Select((_, place) => !used && !columns.IsUsed(place))];
        _named = [.. header.Select((name, place) => _may[place] && Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))];
        _has = new bool[header.Length];
    }

    /// <summary>The name of the column; null for none.</summary>
    public string? Unused => Enumerable.Range(0, _header.Length).Where(i => _named[i] || (_may[i] && _has[i])).Select(i => _header[i]).FirstOrDefault();

    /// <summary>Looks at a line: a column that has anything but codes of ISO 4217 is none.</summary>
    public void Look(IReadOnlyList<string> cells)
    {
        for (var i = 0; i < Math.Min(_may.Length, cells.Count); i++)
        {
            if (!_may[i] || cells[i].Length == 0) continue;
            var code = cells[i].Length == 3 && Currency.IsKnown(Encoding.UTF8.GetBytes(cells[i]));
            _has[i] |= code;
            _may[i] &= code;
        }
    }
}
