using Footfall.Journal;

namespace Footfall.Hosting.Deletion;

/// <summary>Goes on with deletions of sites that a process before, or a full disk, has left undone.</summary>
internal sealed class PendingDeletions(SiteDeleter deleter, TimeProvider time, ILogger<PendingDeletions> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await deleter.ResumeAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.DeletionFailed(error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
