using Footfall.Journal;
using Footfall.Words;

namespace Footfall.Collect.AccessLog;

/// <summary>
/// Hands batches to the journal, one after the other, each until the journal has it: while one commits the next is filled. Only what is
/// durable is added to the tally.
/// </summary>
internal sealed class ImportSink<TTally>(IJournal journal, TimeProvider time, IProgress<RejectReason>? waiting, CancellationToken stop)
    where TTally : IImportTally<TTally>, new()
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(5);

    private ImportBatch<TTally> _spare = new();
    private Task _running = Task.CompletedTask;

    /// <summary>What is durable.</summary>
    public TTally Durable { get; } = new();

    /// <summary>Waits for the batch before, and starts with this one.</summary>
    /// <returns>An empty batch to fill.</returns>
    /// <exception cref="OperationCanceledException">The import or the journal is stopping: this batch is not durable.</exception>
    public async ValueTask<ImportBatch<TTally>> HandOverAsync(ImportBatch<TTally> batch)
    {
        await _running;
        _running = AppendAsync(batch);
        var empty = _spare;
        _spare = batch;
        empty.Clear();
        return empty;
    }

    /// <summary>Waits until all that was handed over is durable.</summary>
    /// <returns>False if the import or the journal was stopped before.</returns>
    public async Task<bool> TryFinishAsync()
    {
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_running.IsCanceled) await _running;
        return !_running.IsCanceled;
    }

    /// <summary>Waits a moment for the salts of visitors.</summary>
    public Task PauseAsync() => PauseAsync(RejectReason.JournalUnavailable, LongestPause / 5);

    private async Task PauseAsync(RejectReason reason, TimeSpan pause)
    {
        waiting?.Report(reason);
        await Task.Delay(pause, time, stop);
        waiting?.Report(RejectReason.None);
    }

    private async Task AppendAsync(ImportBatch<TTally> batch)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var reason = await TryAppendAsync(batch);
            if (reason == RejectReason.None) break;
            if (reason == RejectReason.ShuttingDown) throw new OperationCanceledException();
            await PauseAsync(reason, pause);
        }
        Durable.Add(batch.Tally);
    }

    private async ValueTask<RejectReason> TryAppendAsync(ImportBatch<TTally> batch)
    {
        using var submission = journal.Rent();
        batch.Fill(submission);
        var reason = await journal.AppendAsync(submission);
        if (reason == RejectReason.None) batch.Note(submission.Outcomes);
        return reason;
    }
}
