using System.Text;
using Footfall.Common;

namespace Footfall.Import.Orders;

/// <summary>
/// Looks for a currency column that no option names: without it, all amounts would count in the currency of the shop.
/// </summary>
internal sealed class CurrencyColumnDetector
{
    /// <summary>
    /// The prefixes of "currency" in the languages of most shop systems; no other header term begins with one of them.
    /// </summary>
    private static readonly string[] CurrencyWords = ["currenc", "währung", "waehrung", "devise", "moneda", "valuta", "moeda", "waluta"];

    private readonly string[] _header;
    private readonly bool[] _namedLikeCurrency, _candidates, _hasCodes;

    public CurrencyColumnDetector(string[] header, OrderColumns columns)
    {
        var used = columns[OrderColumn.Currency] >= 0;
        _header = header;
        _candidates = [.. header.Select((_, index) => !used && !columns.IsUsed(index))];
        _namedLikeCurrency = [.. header.Select((name, index) =>
            _candidates[index] && CurrencyWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))];
        _hasCodes = new bool[header.Length];
    }

    /// <summary>The name of the column; null for none.</summary>
    public string? UnusedColumn => Enumerable.Range(0, _header.Length).Where(i => _namedLikeCurrency[i] || (_candidates[i] && _hasCodes[i]))
        .Select(i => _header[i]).FirstOrDefault();

    /// <summary>Looks at a line: a column with anything but ISO 4217 codes does not count.</summary>
    public void InspectRow(IReadOnlyList<string> cells)
    {
        for (var i = 0; i < Math.Min(_candidates.Length, cells.Count); i++)
        {
            if (!_candidates[i] || cells[i].Length == 0) continue;
            var code = cells[i].Length == 3 && Currency.IsKnown(Encoding.UTF8.GetBytes(cells[i]));
            _hasCodes[i] |= code;
            _candidates[i] &= code;
        }
    }
}
