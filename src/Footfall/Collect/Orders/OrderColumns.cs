using Footfall.Collect.AccessLog;
using Footfall.Words;

namespace Footfall.Collect.Orders;

/// <summary>Where the columns stand, found by the header.</summary>
internal sealed class OrderColumns
{
    /// <summary>What the columns are mostly called: <c>order-columns.txt</c>. Compared without case, spaces and signs.</summary>
    private static readonly Dictionary<OrderColumn, string[]> Usual = Embedded.Lines("order-columns.txt")
        .Select(line => line.Split(':', StringSplitOptions.TrimEntries))
        .ToDictionary(line => Enum.Parse<OrderColumn>(line[0]), line => line[1].Split(',', StringSplitOptions.TrimEntries));

    private static readonly OrderColumn[] Needed = [OrderColumn.Order, OrderColumn.Price, OrderColumn.Time];

    private readonly int[] _places = [.. Enum.GetValues<OrderColumn>().Select(_ => -1)];

    private OrderColumns()
    {
    }

    /// <summary>The place of a column in each line, from 0; -1 where the file has none.</summary>
    public int this[OrderColumn column] => _places[(int)column];

    /// <summary>Whether a column tells something of a line.</summary>
    /// <param name="place">From 0.</param>
    public bool IsUsed(int place) => _places.Contains(place);

    /// <exception cref="ImportException">A column that is needed, or was named, is not there.</exception>
    public static OrderColumns Find(IReadOnlyList<string> header, OrderRequest request)
    {
        var columns = new OrderColumns();
        foreach (var column in Enum.GetValues<OrderColumn>())
        {
            var place = request.Columns.TryGetValue(column, out var named)
                ? Place(header, name => name == named, () => Place(header, name => Plain(name) == Plain(named), () => throw Missing(column, header, named)))
                : Usual[column].Select(usual => Place(header, name => Plain(name) == Plain(usual), () => -1)).FirstOrDefault(found => found >= 0, -1);
            if (place < 0 && Needed.Contains(column)) throw Missing(column, header, null);
            columns._places[(int)column] = place;
        }
        if (columns[OrderColumn.Item] < 0 && columns[OrderColumn.ItemName] < 0) throw Missing(OrderColumn.Item, header, null);
        return columns;
    }

    /// <summary>The option that names a column: <c>--item-name</c>.</summary>
    public static string Option(OrderColumn column) => column switch
    {
        OrderColumn.ItemName => "--item-name",
        // --currency is that of all lines.
        OrderColumn.Currency => "--currency-column",
        _ => $"--{column.ToString().ToLowerInvariant()}",
    };

    /// <summary>The usual names of a column.</summary>
    public static string Names(OrderColumn column) => string.Join(", ", Usual[column]);

    private static int Place(IReadOnlyList<string> header, Func<string, bool> matches, Func<int> otherwise)
    {
        for (var i = 0; i < header.Count; i++)
            if (matches(header[i])) return i;
        return otherwise();
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static ImportException Missing(OrderColumn column, IReadOnlyList<string> header, string? named) => new(
        $"{(named is null ? $"There is no column for the {Meaning(column)}" : $"There is no column {named}")}: the header has {string.Join(", ", header.Select(name => $"\"{name}\""))}. " +
        $"Name the column with {Option(column)}{(header.Count == 1 ? ", and what divides the cells with --delimiter" : "")}.");

    private static string Meaning(OrderColumn column) => column switch
    {
        OrderColumn.Order => "number of the order",
        OrderColumn.Item => "item (nor for its name)",
        OrderColumn.ItemName => "name of the item",
        OrderColumn.Price => "price of one piece",
        OrderColumn.Time => "time of the order",
        _ => column.ToString().ToLowerInvariant(),
    };
}
