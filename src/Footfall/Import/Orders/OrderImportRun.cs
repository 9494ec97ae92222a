using Footfall.Ingest;
using Footfall.Journal;

namespace Footfall.Import.Orders;

/// <summary>One import of orders, from the first line to the last.</summary>
/// <param name="maxHits">The most hits in a commit.</param>
/// <param name="dryRun">Whether nothing is counted.</param>
/// <param name="oldest">The start of what the history keeps, in Unix milliseconds; null for no limit.</param>
internal sealed class OrderImportRun(
    OrderCsvReader lines, OrderLineParser reader, CurrencyColumnDetector currencies, int columnCount, OrderHitFactory hits,
    IJournal journal, ImportBatchWriter<OrderImportCounts> sink, int maxHits, bool dryRun, long? oldest)
{
    private readonly OpenOrders _openOrders = new();
    private readonly List<ImportedOrder> _complete = [];
    private readonly HashSet<Guid> _importedHere = [], _heldBack = [], _partial = [];
    private ImportBatch<OrderImportCounts> _batch = new();
    private int _completeLines;

    /// <returns>The summary; only the durable part if <paramref name="cancellationToken"/> or the end of the journal came first.</returns>
    public async Task<OrderSummary> RunAsync(CancellationToken cancellationToken)
    {
        var stopped = false;
        try
        {
            while (await lines.ReadAsync(cancellationToken))
            {
                ReadRow();
                while (_openOrders.TakeComplete(all: false) is { } order) await CompleteAsync(order);
                if (_batch.LineCount >= ImportDefaults.MaxLinesPerCommit) await CommitAsync();
            }
            while (_openOrders.TakeComplete(all: true) is { } order) await CompleteAsync(order);
            await CommitAsync();
        }
        catch (OperationCanceledException)
        {
            stopped = true;
        }
        finally
        {
            // Also when reading the content fails: no work of this import may outlive it.
            stopped |= !await sink.TryFlushAsync();
        }
        return sink.Committed.ToSummary() with
        {
            Status = stopped ? ImportStatus.Stopped
            : ImportStatus.Complete,
            UnusedCurrency = currencies.UnusedColumn
        };
    }

    private void ReadRow()
    {
        _batch.CountLine();
        if (lines.IsBlank)
        {
            _batch.Counts.AddBlank();
            return;
        }
        var error = lines.Error;
        if (error == OrderLineError.None && lines.Cells.Length < columnCount) error = OrderLineError.TooFewCells;
        var line = default(OrderLine);
        if (error == OrderLineError.None) error = reader.Parse(lines.Cells, lines.LineNumber, out line);
        if (error == OrderLineError.None) error = _openOrders.Add(line);
        if (error == OrderLineError.None) currencies.InspectRow(lines.Cells);
        if (error == OrderLineError.None) return;
        Reject(lines.LineNumber, lines.Cells, error);
        var number = lines.LineNumber;
        foreach (var swallowed in lines.SwallowedLines)
        {
            _batch.CountLine();
            Reject(++number, swallowed, OrderLineError.Swallowed);
        }
    }

    private void Reject(long number, IReadOnlyList<string> columnCount, OrderLineError error)
    {
        _batch.Counts.AddRejected(number, error);
        if (reader.GetOrderNumber(columnCount) is { Length: > 0 } order) _openOrders.MarkRejected(order);
    }

    private async ValueTask CompleteAsync(ImportedOrder order)
    {
        _complete.Add(order);
        _completeLines += order.Lines.Count;
        // An order is at most two hits.
        if (2 * (_complete.Count + 1) > maxHits || _completeLines > ImportDefaults.MaxLinesPerCommit) await CommitAsync();
    }

    /// <summary>Submits the unknown orders. The check runs when everything before them is durable.</summary>
    private async Task CommitAsync()
    {
        if (!await sink.TryFlushAsync()) throw new OperationCanceledException();
        var ids = _complete.Select(order => hits.GetId(order.Number)).ToList();
        var known = journal.FindImported(ids);
        foreach (var (order, id) in _complete.Zip(ids)) AddOrder(order, id, known);
        _complete.Clear();
        _completeLines = 0;
        if (!dryRun)
        {
            _batch = await sink.WriteAsync(_batch);
            return;
        }
        sink.Committed.Add(_batch.Counts);
        _batch.Clear();
    }

    private void AddOrder(ImportedOrder order, Guid id, IReadOnlySet<Guid> known)
    {
        if (_importedHere.Contains(id))
        {
            Reject(order, OrderLineError.Apart);
            if (_partial.Add(id)) _batch.Counts.AddPartial(order.Number);
            return;
        }
        if (known.Contains(id))
        {
            _batch.Counts.AddKnown(order);
            return;
        }
        if (order.Lines.Any(line => line.Time < oldest))
        {
            // Not recorded: with a longer retention it can be imported later.
            _batch.Counts.AddExpired(order);
            return;
        }
        var parts = OrderHitFactory.SplitOrder(order).ToList();
        var error = order.HasRejectedLine || _heldBack.Contains(id) ? OrderLineError.HeldBack
            : order.Lines.Exists(line => line.Currency != order.Lines[0].Currency) ? OrderLineError.SeveralCurrencies
            : parts.Exists(part => part.Value > HitLimits.Value) ? OrderLineError.TooMuch
            : OrderLineError.None;
        if (error != OrderLineError.None)
        {
            // An order that was counted can't be completed: it is counted whole when the file is fixed.
            Reject(order, error);
            if (_heldBack.Add(id)) _batch.Counts.AddHeldBack(order.Number);
            return;
        }
        foreach (var part in parts)
        {
            var hit = hits.Create(order, part, _batch.Details);
            _batch.Add(hit);
            _batch.Counts.AddCounted(hit, part);
        }
        _importedHere.Add(id);
        _batch.ImportedIds.Add(id);
    }

    private void Reject(ImportedOrder order, OrderLineError error)
    {
        foreach (var line in order.Lines) _batch.Counts.AddRejected(line.Number, error);
    }
}
