using Footfall.Common;
using Footfall.Journal;

namespace Footfall.Import;

/// <summary>
/// Submits batches to the journal, one after the other, each until the journal has it. While one commits, the next is filled. Only what is
/// durable is added to the tally.
/// </summary>
internal sealed class ImportBatchWriter<TTally>(IJournal journal, TimeProvider time, IProgress<RejectReason>? waiting,
    CancellationToken cancellationToken)
    where TTally : IImportCounts<TTally>, new()
{
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromSeconds(5);

    private ImportBatch<TTally> _pooledBatch = new();
    private Task _commit = Task.CompletedTask;

    /// <summary>What is durable.</summary>
    public TTally Committed { get; } = new();

    /// <summary>Waits for the previous batch, then submits this one.</summary>
    /// <returns>An empty batch to fill.</returns>
    /// <exception cref="OperationCanceledException">The import or the journal is stopping: this batch is not durable.</exception>
    public async ValueTask<ImportBatch<TTally>> WriteAsync(ImportBatch<TTally> batch)
    {
        await _commit;
        _commit = AppendAsync(batch);
        var empty = _pooledBatch;
        _pooledBatch = batch;
        empty.Clear();
        return empty;
    }

    /// <summary>Waits until everything submitted is durable.</summary>
    /// <returns>False if the import or the journal was stopped before.</returns>
    public async Task<bool> TryFlushAsync()
    {
        await _commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_commit.IsCanceled) await _commit;
        return !_commit.IsCanceled;
    }

    /// <summary>Waits a moment for the salts of visitors.</summary>
    public Task DelayAsync() => DelayAsync(RejectReason.JournalUnavailable, MaxDelay / 5);

    private async Task DelayAsync(RejectReason reason, TimeSpan delay)
    {
        waiting?.Report(reason);
        await Task.Delay(delay, time, cancellationToken);
        waiting?.Report(RejectReason.None);
    }

    private async Task AppendAsync(ImportBatch<TTally> batch)
    {
        for (var delay = MinDelay; ; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            var reason = await TryAppendAsync(batch);
            if (reason == RejectReason.None) break;
            if (reason == RejectReason.ShuttingDown) throw new OperationCanceledException();
            await DelayAsync(reason, delay);
        }
        Committed.Add(batch.Counts);
    }

    private async ValueTask<RejectReason> TryAppendAsync(ImportBatch<TTally> batch)
    {
        using var submission = journal.Rent();
        batch.CopyTo(submission);
        var reason = await journal.AppendAsync(submission);
        if (reason == RejectReason.None) batch.AddOutcomes(submission.Outcomes);
        return reason;
    }
}
