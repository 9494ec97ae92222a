using System.Globalization;
using Footfall.Common;

namespace Footfall.History;

/// <summary>
/// Exchange rates: how many units of a currency one unit of the base is worth, as the European Central Bank publishes them.
/// </summary>
/// <remarks>
/// A line is <c>date,currency,rate</c> or <c>currency,rate</c>; a rate with a date holds until the next one of its currency, one without a
/// date applies where no dated rate does. <c>base,USD</c> names the base; without it, it is <c>EUR</c>. Empty lines, lines that begin with
/// <c>#</c> and a header line are skipped.
/// </remarks>
internal sealed class ExchangeRates
{
    public static readonly ExchangeRates Empty = new();

    private readonly Dictionary<string, SortedList<int, decimal>> _rates = new(StringComparer.Ordinal);
    private string _base = "EUR";

    /// <summary>Whether a rate depends on the day.</summary>
    public bool VaryByDay { get; private set; }

    /// <summary>Whether there are no rates: then each amount stays in its own currency.</summary>
    public bool IsEmpty => _rates.Count == 0;

    /// <summary>Reads the lines of a file.</summary>
    /// <exception cref="FormatException">A line is invalid; the message says which and why.</exception>
    public static ExchangeRates Parse(IEnumerable<string> lines)
    {
        var table = new ExchangeRates();
        var number = 0;
        var first = true;
        foreach (var line in lines)
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            var fields = text.Split(',', StringSplitOptions.TrimEntries);
            if (fields is ["base", var baseCurrency]) table._base = ParseCurrency(baseCurrency, number);
            else if (!(first && fields is ["date", "currency", "rate"] or ["currency", "rate"])) table.Add(fields, number);
            first = false;
        }
        return table;
    }

    /// <summary>The largest converted amount: a billion of the largest orders. The sum of a million such rows still fits.</summary>
    private const decimal MaxAmount = 1_000_000_000_000_000_000_000m;

    /// <summary>Converts an amount to another currency.</summary>
    /// <param name="day">Days since 1970-01-01.</param>
    /// <returns>Null where a rate is missing.</returns>
    public decimal? Convert(decimal amount, string from, string to, int day)
    {
        if (from == to) return amount;
        return FindRate(from, day) is { } rate && FindRate(to, day) is { } other ? ConvertBounded(amount, other, rate) : null;
    }

    private static decimal ConvertBounded(decimal amount, decimal rate, decimal divisor)
    {
        // Amounts and rates have up to twelve digits before the decimal point, and a rate up to twelve after it: floating point shows
        // whether a decimal can hold the result.
        var (product, converted) = (Math.Abs((double)amount * (double)rate), Math.Abs((double)amount * (double)rate / (double)divisor));
        if (converted >= (double)MaxAmount) return amount < 0 ? -MaxAmount : MaxAmount;
        return product < 1e28 ? amount * rate / divisor : amount / divisor * rate;
    }

    private decimal? FindRate(string currency, int day)
    {
        if (currency == _base) return 1;
        if (!_rates.TryGetValue(currency, out var days)) return null;
        int low = 0, high = days.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (days.GetKeyAtIndex(middle) <= day) low = middle + 1;
            else high = middle - 1;
        }
        return high < 0 ? null : days.GetValueAtIndex(high);
    }

    private void Add(string[] fields, int line)
    {
        if (fields.Length is not (2 or 3)) throw new FormatException($"line {line} must be date,currency,rate or currency,rate");
        // A rate without a date is older than all others.
        var day = int.MinValue;
        if (fields.Length == 3)
        {
            if (!DateOnly.TryParseExact(fields[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                throw new FormatException($"line {line} has the date \"{fields[0]}\", but a date must be written like 2026-11-24");
            day = LocalDay.Of(date);
            VaryByDay = true;
        }
        var currency = ParseCurrency(fields[^2], line);
        if (!decimal.TryParse(fields[^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)
            || rate is <= 0 or > 1_000_000_000_000)
            throw new FormatException($"line {line} has the rate \"{fields[^1]}\", but a rate must be a number above 0, such as 1.0512");
        if (!_rates.TryGetValue(currency, out var days)) _rates[currency] = days = [];
        if (!days.TryAdd(day, rate)) throw new FormatException($"line {line} has a second rate of {currency} for the same day");
    }

    private static string ParseCurrency(string text, int line) =>
        text.Length == 3 && Currency.IsKnown(System.Text.Encoding.ASCII.GetBytes(text)) && text.All(char.IsAsciiLetterUpper)
        ? text
        : throw new FormatException($"line {line} has the currency \"{text}\", which is not an ISO 4217 code");
}
