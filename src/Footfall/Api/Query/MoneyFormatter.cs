using System.Globalization;
using Footfall.Common;

namespace Footfall.Api.Query;

/// <summary>Formats amounts for people: <c>€500.2M</c>, <c>€500,200,700.25</c>.</summary>
internal static class MoneyFormatter
{
    private static readonly Dictionary<string, string> Symbols = new()
    {
        ["EUR"] = "€",
        ["USD"] = "$",
        ["GBP"] = "£",
        ["JPY"] = "¥",
        ["CNY"] = "CN¥",
        ["INR"] = "₹",
        ["KRW"] = "₩",
        ["BRL"] = "R$",
        ["CAD"] = "CA$",
        ["AUD"] = "A$",
        ["NZD"] = "NZ$",
        ["MXN"] = "MX$",
        ["HKD"] = "HK$",
        ["TWD"] = "NT$",
        ["ILS"] = "₪",
        ["VND"] = "₫",
        ["PHP"] = "₱",
    };

    /// <summary>The decimal places of ISO 4217, if not two.</summary>
    private static readonly Dictionary<string, int> DecimalPlaces = new()
    {
        ["BIF"] = 0,
        ["CLP"] = 0,
        ["DJF"] = 0,
        ["GNF"] = 0,
        ["ISK"] = 0,
        ["JPY"] = 0,
        ["KMF"] = 0,
        ["KRW"] = 0,
        ["PYG"] = 0,
        ["RWF"] = 0,
        ["UGX"] = 0,
        ["UYI"] = 0,
        ["VND"] = 0,
        ["VUV"] = 0,
        ["XAF"] = 0,
        ["XOF"] = 0,
        ["XPF"] = 0,
        ["BHD"] = 3,
        ["IQD"] = 3,
        ["JOD"] = 3,
        ["KWD"] = 3,
        ["LYD"] = 3,
        ["OMR"] = 3,
        ["TND"] = 3,
    };

    private static readonly string[] Units = ["K", "M", "B", "T"];

    /// <summary>The amount in one currency; null if there are several and no rate.</summary>
    public static (decimal Amount, string Currency)? SingleAmount(Money money) => money switch
    {
        { Total: { } total } => (total, money.Currency),
        { ByCurrency: [var (currency, amount)] } => (amount, currency),
        _ => null,
    };

    public static string FormatLong(decimal amount, string currency) =>
        Format(amount, currency, $"N{DecimalPlaces.GetValueOrDefault(currency, 2)}", "");

    /// <summary>With one decimal from a thousand on: a value that rounds up to a thousand moves to the next unit.</summary>
    public static string FormatShort(decimal amount, string currency)
    {
        if (Math.Abs(Math.Round(amount, DecimalPlaces.GetValueOrDefault(currency, 2), MidpointRounding.AwayFromZero)) < 1_000)
            return FormatLong(amount, currency);
        var unit = 0;
        for (amount /= 1_000; unit < Units.Length - 1 && Math.Abs(Math.Round(amount, 1, MidpointRounding.AwayFromZero)) >= 1_000; unit++)
            amount /= 1_000;
        return Format(amount, currency, "0.#", Units[unit]);
    }

    private static string Format(decimal amount, string currency, string format, string unit)
    {
        // A code is separated from the digits, a symbol is not (CLDR).
        var sign = Symbols.GetValueOrDefault(currency, $"{currency}\u00A0");
        return $"{(amount < 0 ? "-" : "")}{sign}{Math.Abs(amount).ToString(format, CultureInfo.InvariantCulture)}{unit}";
    }
}
