
namespace Footfall.Hosting.Admin;

/// <summary>Goes on with deletions of sites that a process before, or a full disk, has left undone.</summary>
internal sealed class PendingErasureService(SiteEraser eraser, TimeProvider time, ILogger<PendingErasureService> log) : BackgroundService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RetryInterval, time);
        do
        {
            try
            {
                await eraser.ResumeAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.DeletionFailed(error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
