using Footfall.Common;

namespace Footfall.Import.Orders;

/// <summary>
/// Finds the country of a cell: a code of ISO 3166-1, or an English name from <see cref="CountryNames"/>, in any case. Anything
/// else is listed, never guessed.
/// </summary>
internal sealed class CountryNameParser
{
    private readonly Dictionary<string, Country> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="codesByName">Codes by name; they take precedence over the built-in names.</param>
    /// <exception cref="ImportException">A code is invalid.</exception>
    public CountryNameParser(IReadOnlyDictionary<string, string> codesByName)
    {
        foreach (var (name, country) in CountryNames.All)
            if (name.Length > 0) _known[name] = country;
        foreach (var (name, code) in codesByName)
            _known[name.Trim()] = TryParseCode(code, out var country) ? country : throw new ImportException($"{code} is not a "
                + $"country code: use two letters of ISO 3166-1, such as IE, or ZZ.");
    }

    /// <returns>The country, and its name if it is unknown. An empty cell is unknown, and not listed.</returns>
    public (Country Country, string? Unmapped) Parse(string cell)
    {
        var name = cell.Trim();
        if (name.Length == 0) return (Country.Unknown, null);
        return _known.TryGetValue(name, out var country) || TryParseCode(name, out country) ? (country, null) : (Country.Unknown, name);
    }

    private static bool TryParseCode(string text, out Country country) =>
        Country.Parse(text, out country) == RejectReason.None || text.Equals(Country.Unknown.Code, StringComparison.OrdinalIgnoreCase);
}
