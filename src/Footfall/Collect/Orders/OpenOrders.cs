using Footfall.Words;

namespace Footfall.Collect.Orders;

/// <summary>The lines of one order.</summary>
internal sealed class Order(string number)
{
    public string Number => number;

    public List<OrderLine> Lines { get; } = [];
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
        if (!_open.TryGetValue(line.Order, out var order))
        {
            _open[line.Order] = order = new Order(line.Order);
            _oldest.Enqueue(order);
        }
        if (order.Lines.Count == MostLinesOfAnOrder) return OrderLineError.TooManyItems;
        order.Lines.Add(line);
        _lines++;
        return OrderLineError.None;
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
