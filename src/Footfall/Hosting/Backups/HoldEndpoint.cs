using Footfall.History;
using Footfall.Hosting.Control;
using Footfall.Journal;

namespace Footfall.Hosting.Backups;

/// <summary>
/// Lets another process copy the data of this server: <c>GET /hold/journal</c> and <c>GET /hold/history</c> on the control socket. Each holds still what its name says from its first
/// line until the client closes the connection. The journal only keeps what it would forget, and goes on; the history is not written meanwhile, and questions are answered.
/// </summary>
/// <remarks>
/// The other process copies, and not this one: the server has no work with it, a full disk of the backup is no matter of its own, and to open and close the file of the history here
/// would take DuckDB's lock from it (fcntl(2): a process that closes any descriptor of a file loses its locks on it).
/// </remarks>
internal sealed class HoldEndpoint(IJournal journal, Projector projector, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<HoldEndpoint> log)
{
    public const string JournalPath = "/hold/journal", HistoryPath = "/hold/history";

    /// <summary>A client that hangs must not keep the history from going on for ever.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private readonly SemaphoreSlim _one = new(1);

    public async Task JournalAsync(HttpContext context)
    {
        if (journal.WhyNot(FileWork.Backup) is { } instead)
        {
            await RefuseAsync(context, instead);
            return;
        }
        if (!await _one.WaitAsync(0, CancellationToken.None))
        {
            await RefuseAsync(context, "Another backup is under way.");
            return;
        }
        try
        {
            using var held = journal.Hold();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            await SayAsync(context);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task HistoryAsync(HttpContext context)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, limit.Token);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = projector.RunAsync(
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
                await SayAsync(context);
            }
            await holding;
        }
        catch (HistoryUnavailableException error)
        {
            await RefuseAsync(context, error.Message);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The client is gone, or the server stops.
            context.Abort();
            await end.CancelAsync();
            await holding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SayAsync(HttpContext context)
    {
        await context.Response.WriteAsync("held\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, string sentence)
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
