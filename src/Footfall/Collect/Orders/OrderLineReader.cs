using System.Globalization;
using System.Text;
using Footfall.Collect.Events;
using Footfall.Words;

namespace Footfall.Collect.Orders;

/// <summary>Makes a line of its cells, or says what is wrong with it.</summary>
/// <param name="latest">The latest time that a line may have: Unix time in milliseconds.</param>
internal sealed class OrderLineReader(OrderColumns columns, OrderRequest request, TimeZoneInfo zone, long latest)
{
    /// <summary>The web has no shops before; a line of an earlier time has a wrong clock or another format.</summary>
    private static readonly DateTime Earliest = new(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private const NumberStyles Numbers = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

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
    private readonly CountryWords _countries = new(request.Countries);

    public OrderLineError Read(IReadOnlyList<string> cells, long number, out OrderLine line)
    {
        line = default;
        if (!TryText(Cell(cells, OrderColumn.Order), HitLimits.TransactionId, out var order) || order.Length == 0) return OrderLineError.Order;
        if (!TryText(Cell(cells, OrderColumn.Item), HitLimits.ItemField, out var item)) return OrderLineError.Item;
        if (!TryText(Cell(cells, OrderColumn.ItemName), HitLimits.ItemField, out var name)) return OrderLineError.Item;
        if (item.Length == 0 && name.Length == 0) return OrderLineError.Item;
        var quantity = 1m;
        if (columns[OrderColumn.Quantity] >= 0 && !TryNumber(Cell(cells, OrderColumn.Quantity), out quantity)) return OrderLineError.Quantity;
        if (!TryNumber(Cell(cells, OrderColumn.Price), out var price) || price < 0) return OrderLineError.Price;
        if (!TryTime(Cell(cells, OrderColumn.Time), out var time)) return OrderLineError.Time;
        if (time > latest) return OrderLineError.Future;
        var (country, unmapped) = columns[OrderColumn.Country] < 0 ? (Country.Unknown, null) : _countries.Find(Cell(cells, OrderColumn.Country));
        var cancelled = quantity < 0 || (request.CancelledPrefix is { Length: > 0 } prefix && order.StartsWith(prefix, StringComparison.Ordinal));
        line = new(number, order, item, name, cancelled, Math.Abs(quantity), price, time, country, unmapped);
        return OrderLineError.None;
    }

    private string Cell(IReadOnlyList<string> cells, OrderColumn column) => columns[column] < 0 ? "" : cells[columns[column]];

    /// <summary>Line breaks and the like, which a name may have in CSV, become spaces.</summary>
    private static bool TryText(string cell, int limit, out string text)
    {
        text = (cell.Any(char.IsControl) ? string.Concat(cell.Select(letter => char.IsControl(letter) ? ' ' : letter)) : cell).Trim();
        return Encoding.UTF8.GetByteCount(text) <= limit;
    }

    private static bool TryNumber(string cell, out decimal number)
    {
        if (!decimal.TryParse(cell, Numbers, CultureInfo.InvariantCulture, out number) || Math.Abs(number) > HitLimits.Value) return false;
        number = Decimals.Plain(decimal.Round(number, HitLimits.DecimalPlaces));
        return true;
    }

    private bool TryTime(string cell, out long milliseconds)
    {
        milliseconds = 0;
        const DateTimeStyles Styles = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowLeadingWhite | DateTimeStyles.AllowTrailingWhite;
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
