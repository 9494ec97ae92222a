using Footfall.Common;

namespace Footfall.Import.Orders;

/// <summary>The indexes of the columns, found by the header.</summary>
internal sealed class OrderColumns
{
    /// <summary>The usual names of the columns: <c>order-columns.txt</c>. Case, spaces and punctuation are ignored.</summary>
    private static readonly Dictionary<OrderColumn, string[]> DefaultNames = EmbeddedResources.ReadLines("order-columns.txt")
        .Select(line => line.Split(':', StringSplitOptions.TrimEntries))
        .ToDictionary(line => Enum.Parse<OrderColumn>(line[0]), line => line[1].Split(',', StringSplitOptions.TrimEntries));

    private static readonly OrderColumn[] Required = [OrderColumn.Order, OrderColumn.Price, OrderColumn.Time];

    private readonly int[] _indexes = [.. Enum.GetValues<OrderColumn>().Select(_ => -1)];

    private OrderColumns()
    {
    }

    /// <summary>The index of a column in each line, from 0; -1 where the file has none.</summary>
    public int this[OrderColumn column] => _indexes[(int)column];

    /// <summary>Whether the file has a column.</summary>
    /// <param name="index">From 0.</param>
    public bool IsUsed(int index) => _indexes.Contains(index);

    /// <exception cref="ImportException">A required or named column is missing.</exception>
    public static OrderColumns Find(IReadOnlyList<string> header, OrderRequest request)
    {
        var columns = new OrderColumns();
        foreach (var column in Enum.GetValues<OrderColumn>())
        {
            var index = request.Columns.TryGetValue(column, out var named)
                ? FindIndex(header, name => name == named, () =>
                    FindIndex(header, name => Normalize(name) == Normalize(named), () => throw MissingColumn(column, header, named)))
                : DefaultNames[column].Select(usual => FindIndex(header, name => Normalize(name) == Normalize(usual), () => -1))
                    .FirstOrDefault(found => found >= 0, -1);
            if (index < 0 && Required.Contains(column)) throw MissingColumn(column, header, null);
            columns._indexes[(int)column] = index;
        }
        if (columns[OrderColumn.Item] < 0 && columns[OrderColumn.ItemName] < 0) throw MissingColumn(OrderColumn.Item, header, null);
        return columns;
    }

    /// <summary>The option that names a column: <c>--item-name</c>.</summary>
    public static string GetOptionName(OrderColumn column) => column switch
    {
        OrderColumn.ItemName => "--item-name",
        // --currency is the currency of all lines.
        OrderColumn.Currency => "--currency-column",
        _ => $"--{column.ToString().ToLowerInvariant()}",
    };

    /// <summary>The usual names of a column.</summary>
    public static string GetDefaultNames(OrderColumn column) => string.Join(", ", DefaultNames[column]);

    private static int FindIndex(IReadOnlyList<string> header, Func<string, bool> matches, Func<int> fallback)
    {
        for (var i = 0; i < header.Count; i++)
            if (matches(header[i])) return i;
        return fallback();
    }

    private static string Normalize(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static ImportException MissingColumn(OrderColumn column, IReadOnlyList<string> header, string? named) => new(
        $"{(named is null ? $"There is no column for the {Describe(column)}" : $"There is no column {named}")}: the header has " +
        $"{string.Join(", ", header.Select(name => $"\"{name}\""))}. " +
        $"Name the column with {GetOptionName(column)}{(header.Count == 1 ? ", and set the delimiter with --delimiter" : "")}.");

    private static string Describe(OrderColumn column) => column switch
    {
        OrderColumn.Order => "order number",
        OrderColumn.Item => "item number or the item name",
        OrderColumn.ItemName => "item name",
        OrderColumn.Price => "unit price",
        OrderColumn.Time => "order time",
        _ => column.ToString().ToLowerInvariant(),
    };
}
