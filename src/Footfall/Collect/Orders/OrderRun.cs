using Footfall.Collect.AccessLog;
using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Collect.Orders;

/// <summary>One import of orders, from the first line to the last.</summary>
/// <param name="mostHits">The most hits a commit.</param>
/// <param name="dryRun">Whether nothing is counted.</param>
/// <param name="oldest">The first moment of which the history keeps anything, in Unix milliseconds; null for no limit.</param>
internal sealed class OrderRun(
    OrderLines lines, OrderLineReader reader, CurrencyWatch currencies, int cells, OrderHits hits, IJournal journal, ImportSink<OrderTally> sink, int mostHits, bool dryRun, long? oldest)
{
    private readonly OpenOrders _open = new();
    private readonly List<Order> _complete = [];
    private readonly HashSet<Guid> _mine = [], _heldBack = [], _inPart = [];
    private ImportBatch<OrderTally> _batch = new();
    private int _completeLines;

    /// <returns>The summary; of what is durable where <paramref name="stop"/> or the end of the journal came first.</returns>
    public async Task<OrderSummary> ToTheEndAsync(CancellationToken stop)
    {
        var stopped = false;
        try
        {
            while (await lines.NextAsync(stop))
            {
                Count();
                while (_open.Take(all: false) is { } order) await CompleteAsync(order);
                if (_batch.Lines >= Imports.MostLines) await HandOverAsync();
            }
            while (_open.Take(all: true) is { } order) await CompleteAsync(order);
            await HandOverAsync();
        }
        catch (OperationCanceledException)
        {
            stopped = true;
        }
        finally
        {
            // Also when the content breaks off: nothing of this import runs on behind its end.
            stopped |= !await sink.TryFinishAsync();
        }
        return sink.Durable.Summary() with { Status = stopped ? ImportStatus.Stopped : ImportStatus.Complete, UnusedCurrency = currencies.Unused };
    }

    private void Count()
    {
        _batch.CountLine();
        if (lines.IsBlank)
        {
            _batch.Tally.Blank();
            return;
        }
        var error = lines.Error;
        if (error == OrderLineError.None && lines.Cells.Length < cells) error = OrderLineError.TooFewCells;
        var line = default(OrderLine);
        if (error == OrderLineError.None) error = reader.Read(lines.Cells, lines.Number, out line);
        if (error == OrderLineError.None) error = _open.Add(line);
        if (error == OrderLineError.None) currencies.Look(lines.Cells);
        if (error == OrderLineError.None) return;
        Refuse(lines.Number, lines.Cells, error);
        var number = lines.Number;
        foreach (var swallowed in lines.Swallowed)
        {
            _batch.CountLine();
            Refuse(++number, swallowed, OrderLineError.Swallowed);
        }
    }

    private void Refuse(long number, IReadOnlyList<string> cells, OrderLineError error)
    {
        _batch.Tally.Refuse(number, error);
        if (reader.OrderOf(cells) is { Length: > 0 } order) _open.Refuse(order);
    }

    private async ValueTask CompleteAsync(Order order)
    {
        _complete.Add(order);
        _completeLines += order.Lines.Count;
        // An order is at most two hits.
        if (2 * (_complete.Count + 1) > mostHits || _completeLines > Imports.MostLines) await HandOverAsync();
    }

    /// <summary>Hands over the orders that are not known. Whether they are is asked when all before is durable.</summary>
    private async Task HandOverAsync()
    {
        if (!await sink.TryFinishAsync()) throw new OperationCanceledException();
        var ids = _complete.Select(order => hits.IdOf(order.Number)).ToList();
        var known = journal.FindImported(ids);
        foreach (var (order, id) in _complete.Zip(ids)) Add(order, id, known);
        _complete.Clear();
        _completeLines = 0;
        if (!dryRun)
        {
            _batch = await sink.HandOverAsync(_batch);
            return;
        }
        sink.Durable.Add(_batch.Tally);
        _batch.Clear();
    }

    private void Add(Order order, Guid id, IReadOnlySet<Guid> known)
    {
        if (_mine.Contains(id))
        {
            Refuse(order, OrderLineError.Apart);
            if (_inPart.Add(id)) _batch.Tally.InPart(order.Number);
            return;
        }
        if (known.Contains(id))
        {
            _batch.Tally.Known(order);
            return;
        }
        if (order.Lines.Any(line => line.Time < oldest))
        {
            // Not noted: when more is kept it may come in.
            _batch.Tally.Old(order);
            return;
        }
        var parts = OrderHits.Parts(order).ToList();
        var error = order.HasRefused || _heldBack.Contains(id) ? OrderLineError.HeldBack
            : order.Lines.Exists(line => line.Currency != order.Lines[0].Currency) ? OrderLineError.SeveralCurrencies
            : parts.Exists(part => part.Value > Events.HitLimits.Value) ? OrderLineError.TooMuch
            : OrderLineError.None;
        if (error != OrderLineError.None)
        {
            // An order that was counted can't be completed: it is counted whole when the file is mended.
            Refuse(order, error);
            if (_heldBack.Add(id)) _batch.Tally.HeldBack(order.Number);
            return;
        }
        foreach (var part in parts)
        {
            var hit = hits.Make(order, part, _batch.Details);
            _batch.Add(hit);
            _batch.Tally.Counted(hit, part);
        }
        _mine.Add(id);
        _batch.Imported.Add(id);
    }

    private void Refuse(Order order, OrderLineError error)
    {
        foreach (var line in order.Lines) _batch.Tally.Refuse(line.Number, error);
    }
}
