using Footfall.Common;
using Footfall.Ingest;

namespace Footfall.Import.Orders;

/// <summary>One line of an order file: one item with its quantity.</summary>
/// <param name="Number">The line's number in the file, from 1.</param>
/// <param name="Order">The number of the order.</param>
/// <param name="Cancelled">Whether the items were returned.</param>
/// <param name="Quantity">Never below 0.</param>
/// <param name="Price">The unit price, never below 0.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="Time">Unix time in milliseconds.</param>
/// <param name="Unmapped">The name of the country if it is unknown; null otherwise.</param>
internal readonly record struct OrderLine(
    long Number, string Order, string Item, string ItemName, bool Cancelled, decimal Quantity, decimal Price, string Currency, long Time,
    Country Country, string? Unmapped);

/// <summary>Why a line is rejected.</summary>
internal enum OrderLineError
{
    None = 0,
    Malformed,
    Encoding,
    TooFewCells,
    Order,
    Item,
    Quantity,
    Price,
    Time,
    Future,
    TooManyItems,
    TooMuch,
    Apart,
    Swallowed,
    Currency,
    SeveralCurrencies,
    HeldBack,
}

internal static class OrderLineErrors
{
    /// <summary>The message for a person; follows "line 12: ".</summary>
    public static string Describe(this OrderLineError error) => error switch
    {
        OrderLineError.Malformed => "has a quote inside a cell that is not doubled, or text after a closing quote (RFC 4180)",
        OrderLineError.Encoding => "is not in UTF-8 (--latin1 reads ISO 8859-1)",
        OrderLineError.TooFewCells => "has fewer cells than the header",
        OrderLineError.Order => $"has no order number, or one longer than {HitLimits.TransactionId} bytes",
        OrderLineError.Item => $"has no item number or name, or one longer than {HitLimits.ItemField} bytes",
        OrderLineError.Quantity => "has a quantity that is not a number up to 999,999,999,999 (--decimal-comma reads 1.234,50)",
        OrderLineError.Price => "has a price that is not a number from 0 to 999,999,999,999 (--decimal-comma reads 1.234,50)",
        OrderLineError.Time => "has a time that can't be read (set the format with --time-format)",
        OrderLineError.Future => "is in the future",
        OrderLineError.TooManyItems => $"is over the limit of {OpenOrders.MaxLinesPerOrder:N0} lines per order",
        OrderLineError.TooMuch => "belongs to an order that is worth more than 999,999,999,999",
        OrderLineError.Apart =>
            $"belongs to an order whose other lines are more than {OpenOrders.MaxOpenOrders:N0} orders earlier: sort the "
            + $"file by order number",
        OrderLineError.Swallowed => "was read as part of an earlier line, which has a quote that is not doubled",
        OrderLineError.Currency => "has a currency that is not an ISO 4217 code",
        OrderLineError.SeveralCurrencies => "belongs to an order in several currencies",
        OrderLineError.HeldBack => "belongs to an order with another rejected line",
        _ => "",
    };
}
