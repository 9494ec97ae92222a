using Footfall.History;
using Footfall.History.Projection;
using Footfall.Journal;

namespace Footfall.Hosting.Admin;

/// <summary>
/// Lets another process copy the data of this server: <c>GET /hold/journal</c> and <c>GET /hold/history</c> on the admin socket. Each locks
/// its store from the first line of the response until the client closes the connection. The journal only stops deleting, and continues;
/// the history is not written meanwhile, but queries run.
/// </summary>
/// <remarks>
/// The other process makes the copy: the server has no extra work, a full backup disk does not affect it, and opening and closing the
/// history file here would release DuckDB's lock (fcntl(2): a process that closes any descriptor of a file loses its locks on it).
/// </remarks>
internal sealed class BackupLockEndpoint(IJournal journal, Projector projector, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<BackupLockEndpoint> log)
{
    public const string JournalPath = "/hold/journal", HistoryPath = "/hold/history";

    /// <summary>A client that hangs must not stop the history forever.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(30);

    /// <summary>The end of a backup is detected only when its connection is found closed.</summary>
    private static readonly TimeSpan ReleaseDelay = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _semaphore = new(1);

    public async Task HoldJournalAsync(HttpContext context)
    {
        if (journal.GetUnsupportedReason(FileOperation.Backup) is { } instead)
        {
            await RejectAsync(context, instead);
            return;
        }
        if (!await _semaphore.WaitAsync(ReleaseDelay, context.RequestAborted))
        {
            await RejectAsync(context, "Another backup is running.");
            return;
        }
        try
        {
            using var held = journal.LockForBackup();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            await ConfirmAsync(context);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _semaphore.Release();
        }
    }

    public async Task HoldHistoryAsync(HttpContext context)
    {
        using var limit = new CancellationTokenSource(MaxDuration, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, limit.Token);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = projector.RunExclusiveAsync(
            _ =>
            {
                held.SetResult();
                end.Token.WaitHandle.WaitOne();
            },
            end.Token);
        await Task.WhenAny(held.Task, holding);
        try
        {
            if (held.Task.IsCompleted)
            {
                log.HistoryHeld();
                await ConfirmAsync(context);
            }
            await holding;
        }
        catch (HistoryUnavailableException error)
        {
            await RejectAsync(context, error.Message);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The client disconnected, or the server stops.
            context.Abort();
            await end.CancelAsync();
            await holding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ConfirmAsync(HttpContext context)
    {
        await context.Response.WriteAsync("held\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static Task RejectAsync(HttpContext context, string sentence)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }
        context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return context.Response.WriteAsync(sentence, CancellationToken.None);
    }
}
