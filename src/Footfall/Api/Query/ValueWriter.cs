using System.Text.Json;
using Footfall.Common;

namespace Footfall.Api.Query;

/// <summary>Writes the values of metrics. Amounts of money are written as decimals, never as floating-point numbers.</summary>
internal static class ValueWriter
{
    /// <param name="plausible">Whether an amount has Plausible's shape, a single currency.</param>
    public static void Write(Utf8JsonWriter json, object? value, bool plausible)
    {
        if (value is not Money money) WriteNumber(json, value);
        else if (plausible) WritePlausible(json, money);
        else WriteMoney(json, money);
    }

    public static void WriteNumber(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case long count: json.WriteNumberValue(count); break;
            case int count: json.WriteNumberValue(count); break;
            case decimal number: json.WriteNumberValue(Decimals.TrimZeros(number)); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case double: json.WriteNullValue(); break;
            default: throw new InvalidOperationException($"A metric is a {value.GetType().Name}.");
        }
    }

    /// <summary>Plausible's <c>Revenue</c>: null if the currencies differ and there is no rate between them.</summary>
    private static void WritePlausible(Utf8JsonWriter json, Money money)
    {
        if (MoneyFormatter.SingleAmount(money) is not (var amount, var currency))
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        json.WriteString("short", MoneyFormatter.FormatShort(amount, currency));
        json.WriteNumber("value", Decimals.TrimZeros(amount));
        json.WriteString("long", MoneyFormatter.FormatLong(amount, currency));
        json.WriteString("currency", currency);
        json.WriteEndObject();
    }

    private static void WriteMoney(Utf8JsonWriter json, Money money)
    {
        json.WriteStartObject();
        if (money.Total is { } total) json.WriteNumber("value", Decimals.TrimZeros(total));
        else json.WriteNull("value");
        json.WriteString("currency", money.Currency);
        json.WriteStartObject("by_currency");
        foreach (var (currency, amount) in money.ByCurrency) json.WriteNumber(currency, Decimals.TrimZeros(amount));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
