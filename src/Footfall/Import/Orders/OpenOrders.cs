
namespace Footfall.Import.Orders;

/// <summary>The lines of one order.</summary>
internal sealed class ImportedOrder(string number)
{
    public string Number => number;

    public List<OrderLine> Lines { get; } = [];

    /// <summary>Whether another line of it is rejected: then it is not counted, so that it can be when the line is fixed.</summary>
    public bool HasRejectedLine { get; set; }
}

/// <summary>
/// Gathers the lines of orders. They need not be adjacent: an order is complete when many others have begun after it, or at the end of
/// the file.
/// </summary>
internal sealed class OpenOrders
{
    /// <summary>How many orders may begin between the first line of an order and its last.</summary>
    public const int MaxOpenOrders = 1_000;

    public const int MaxLinesPerOrder = 10_000;

    /// <summary>The most lines that are held: some 20 MB.</summary>
    private const int MaxLines = 100_000;

    private readonly Dictionary<string, ImportedOrder> _orders = [];
    private readonly Queue<ImportedOrder> _queue = new();
    private int _lines;

    public OrderLineError Add(in OrderLine line)
    {
        var order = GetOrAdd(line.Order);
        if (order.Lines.Count == MaxLinesPerOrder) return OrderLineError.TooManyItems;
        order.Lines.Add(line);
        _lines++;
        return OrderLineError.None;
    }

    /// <summary>Notes that a line of an order is rejected.</summary>
    public void MarkRejected(string order) => GetOrAdd(order).HasRejectedLine = true;

    private ImportedOrder GetOrAdd(string number)
    {
        if (_orders.TryGetValue(number, out var order)) return order;
        _orders[number] = order = new ImportedOrder(number);
        _queue.Enqueue(order);
        return order;
    }

    /// <summary>Takes the oldest order, if it is complete.</summary>
    /// <param name="all">Whether no more lines come.</param>
    public ImportedOrder? TakeComplete(bool all)
    {
        if (_orders.Count == 0 || !(all || _orders.Count > MaxOpenOrders || _lines > MaxLines)) return null;
        var order = _queue.Dequeue();
        _orders.Remove(order.Number);
        _lines -= order.Lines.Count;
        return order;
    }
}
