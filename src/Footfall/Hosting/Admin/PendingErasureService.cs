
namespace Footfall.Hosting.Admin;

/// <summary>Continues site deletions that an earlier process, or a full disk, left unfinished.</summary>
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
