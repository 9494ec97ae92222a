using Footfall.Words;

namespace Footfall.Collect.Orders;

/// <summary>The lines of one order.</summary>
internal sealed class Order(string number)
{
    public string Number => number;

    public List<OrderLine> Lines { get; } = [];

    /// <summary>Whether another line of it is refused: then it is not counted, so that it can be when the line is mended.</summary>
    public bool HasRefused { get; set; }
}

/// <summary>
/// Gathers the lines of orders. They need not stand together: an order is complete when many others have begun after it, or at the end of the file.
/// </summary>
internal sealed class OpenOrders
{
    /// <summary>How many orders may begin between the first line of an order and its last.</summary>
    public const int MostOrders = 1_000;

    public const int MostLinesOfAnOrder = 10_000;

    /// <summary>The most lines that are held: some 20 MB.</summary>
    private const int MostLines = 100_000;

    private readonly Dictionary<string, Order> _open = [];
    private readonly Queue<Order> _oldest = new();
    private int _lines;

    public OrderLineError Add(in OrderLine line)
    {
        var order = Of(line.Order);
        if (order.Lines.Count == MostLinesOfAnOrder) return OrderLineError.TooManyItems;
        order.Lines.Add(line);
        _lines++;
        return OrderLineError.None;
    }

    /// <summary>Notes that a line of an order is refused.</summary>
    public void Refuse(string order) => Of(order).HasRefused = true;

    private Order Of(string number)
    {
        if (_open.TryGetValue(number, out var order)) return order;
        _open[number] = order = new Order(number);
        _oldest.Enqueue(order);
        return order;
    }

    /// <summary>Takes the oldest order, if it is complete.</summary>
    /// <param name="all">Whether no more lines come.</param>
    public Order? Take(bool all)
    {
        if (_open.Count == 0 || !(all || _open.Count > MostOrders || _lines > MostLines)) return null;
        var order = _oldest.Dequeue();
        _open.Remove(order.Number);
        _lines -= order.Lines.Count;
        return order;
    }
}
