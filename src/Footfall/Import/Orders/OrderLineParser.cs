using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Footfall.Common;
using Footfall.Ingest;

namespace Footfall.Import.Orders;

/// <summary>Parses the cells of a line, or returns what is wrong with it.</summary>
/// <param name="currency">Of lines that name none.</param>
/// <param name="latest">The latest time that a line may have: Unix time in milliseconds.</param>
internal sealed partial class OrderLineParser(OrderColumns columns, OrderRequest request, TimeZoneInfo zone, string currency, long latest)
{
    /// <summary>The web had no shops before; a line with an earlier time has a wrong clock or another format.</summary>
    private static readonly DateTime Earliest = new(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private const NumberStyles Numbers =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>ISO 8601, with a space or a T, with or without seconds, parts of them, and zone.</summary>
    private static readonly string[] IsoTimes =
    [
        .. from date in (string[])["yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm"]
           from seconds in (string[])["", ":ss.FFFFFFF"]
           from offset in (string[])["K", " zzz"]
           select date + seconds + offset,
        "yyyy-MM-dd",
    ];

    private readonly string[] _formats = request.TimeFormat is { } format ? [format] : IsoTimes;
    private readonly CountryNameParser _countries = new(request.Countries);

    /// <summary>The number of the order, even of a rejected line; empty if it can't be read.</summary>
    public string GetOrderNumber(IReadOnlyList<string> cells) =>
        columns[OrderColumn.Order] < cells.Count && TryParseText(GetCell(cells, OrderColumn.Order), HitLimits.TransactionId, out var order)
            ? order : "";

    public OrderLineError Parse(IReadOnlyList<string> cells, long number, out OrderLine line)
    {
        line = default;
        if (!TryParseText(GetCell(cells, OrderColumn.Order), HitLimits.TransactionId, out var order) || order.Length == 0)
            return OrderLineError.Order;
        if (!TryParseText(GetCell(cells, OrderColumn.Item), HitLimits.ItemField, out var item)) return OrderLineError.Item;
        if (!TryParseText(GetCell(cells, OrderColumn.ItemName), HitLimits.ItemField, out var name)) return OrderLineError.Item;
        if (item.Length == 0 && name.Length == 0) return OrderLineError.Item;
        var quantity = 1m;
        if (columns[OrderColumn.Quantity] >= 0 && !TryParseNumber(GetCell(cells, OrderColumn.Quantity), out quantity))
            return OrderLineError.Quantity;
        if (!TryParseNumber(GetCell(cells, OrderColumn.Price), out var price) || price < 0) return OrderLineError.Price;
        if (!TryParseCurrency(GetCell(cells, OrderColumn.Currency), out var money)) return OrderLineError.Currency;
        if (!TryParseTime(GetCell(cells, OrderColumn.Time), out var time)) return OrderLineError.Time;
        if (time > latest) return OrderLineError.Future;
        var (country, unmapped) = columns[OrderColumn.Country] < 0 ? (Country.Unknown, null)
            : _countries.Parse(GetCell(cells, OrderColumn.Country));
        var cancelled = quantity < 0
            || (request.CancelledPrefix is { Length: > 0 } prefix && order.StartsWith(prefix, StringComparison.Ordinal));
        line = new(number, order, item, name, cancelled, Math.Abs(quantity), price, money, time, country, unmapped);
        return OrderLineError.None;
    }

    private string GetCell(IReadOnlyList<string> cells, OrderColumn column) => columns[column] < 0 ? "" : cells[columns[column]];

    /// <summary>Line breaks and the like, which a name may have in CSV, become spaces.</summary>
    private static bool TryParseText(string cell, int limit, out string text)
    {
        text = (cell.Any(char.IsControl) ? string.Concat(cell.Select(letter => char.IsControl(letter) ? ' ' : letter)) : cell).Trim();
        return Encoding.UTF8.GetByteCount(text) <= limit;
    }

    private bool TryParseCurrency(string cell, out string code)
    {
        code = cell.Trim().ToUpperInvariant();
        if (code.Length == 0) code = currency;
        return Currency.IsKnown(Encoding.UTF8.GetBytes(code));
    }

    private bool TryParseNumber(string cell, out decimal number)
    {
        if (request.DecimalComma && !TryReplaceDecimalComma(ref cell))
        {
            number = 0;
            return false;
        }
        if (!decimal.TryParse(cell, Numbers, CultureInfo.InvariantCulture, out number) || Math.Abs(number) > HitLimits.Value) return false;
        number = Decimals.TrimZeros(decimal.Round(number, HitLimits.DecimalPlaces));
        return true;
    }

    /// <summary>
    /// Writes 1.234,50 as 1234.50. Thousands are divided by points or spaces, and by them alone: 10.50 is no number here, since it would be
    /// a thousand and fifty.
    /// </summary>
    private static bool TryReplaceDecimalComma(ref string cell)
    {
        if (!DecimalCommaPattern().IsMatch(cell)) return false;
        cell = string.Concat(cell.Where(letter => letter != '.' && !char.IsWhiteSpace(letter))).Replace(',', '.');
        return true;
    }

    [GeneratedRegex(@"^\s*[+-]?([0-9]+|[0-9]{1,3}([.\s][0-9]{3})+)(,[0-9]*)?\s*\z")]
    private static partial Regex DecimalCommaPattern();

    private bool TryParseTime(string cell, out long milliseconds)
    {
        milliseconds = 0;
        const DateTimeStyles Styles =
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowLeadingWhite | DateTimeStyles.AllowTrailingWhite;
        if (!DateTime.TryParseExact(cell, _formats, CultureInfo.InvariantCulture, Styles, out var time)) return false;
        if (time.Kind == DateTimeKind.Unspecified)
        {
            // A clock that goes forward skips an hour, in which a program that does not know of it still writes times.
            if (zone.IsInvalidTime(time)) time = time.AddHours(1);
            time = TimeZoneInfo.ConvertTimeToUtc(time, zone);
        }
        milliseconds = new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return time >= Earliest;
    }
}
