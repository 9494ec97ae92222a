using Footfall.Common;
using Microsoft.Extensions.Options;

namespace Footfall.Journal.Redis;

internal static class RedisSetup
{
    public static IServiceCollection AddRedis(this IServiceCollection services) => services
        .AddSingleton(static services => services.IsOnRedis() ? new RedisTimeProvider(TimeProvider.System) : TimeProvider.System)
        .AddSingleton<RedisConnectionManager>()
        .AddSingleton<StreamFollower>()
        .AddSingleton<CoalescedCounterReader>()
        .AddSingleton<RedisJournal>()
        .AddSingleton<RedisSaltStore>()
        .AddSingleton<RedisHitSource>()
        .AddSingleton<RedisSiteEraser>()
        .AddSingleton<RedisMetrics>()
        .AddSingleton<RedisRateCounter>()
        .AddSingleton<ConsumerRegistry>()
        .AddSingleton<StreamTrimmer>()
        .AddHostedService<RedisHostedService>();

    /// <summary>Whether the journal is on Redis.</summary>
    public static bool IsOnRedis(this IServiceProvider services) =>
        services.GetRequiredService<IOptions<FootfallOptions>>().Value.Journal == JournalKind.Redis;
}

/// <summary>
/// The background work: following the streams, trimming, and the salts of the next day. Nothing if the journal is not on Redis.
/// </summary>
internal sealed class RedisHostedService(IServiceProvider services, TimeProvider time) : IHostedLifecycleService
{
    private static readonly TimeSpan SaltInterval = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private StreamTrimmer? _trimmer;
    private StreamFollower? _follower;
    private Task _running = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Registers the history before it reads, so that no node trims unread entries.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!services.IsOnRedis()) return;
        (_trimmer, _follower) = (services.GetRequiredService<StreamTrimmer>(), services.GetRequiredService<StreamFollower>());
        try
        {
            await _trimmer.RegisterAsync();
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            throw new StartupException(
                $"The history can't be registered in Redis ({services.GetRequiredService<RedisConnectionManager>().Keys.Consumers}): " +
                $"{RedisFault.Describe(error)}", error);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (_follower is null || _trimmer is null) return Task.CompletedTask;
        _follower.Start();
        _running = Task.WhenAll(_trimmer.RunAsync(_stopping.Token), PrepareSaltsAsync(services.GetRequiredService<RedisSaltStore>()));
        return Task.CompletedTask;
    }

    /// <summary>The time limit of the shutdown starts here.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_follower is null) return Task.CompletedTask;
        var options = services.GetRequiredService<IOptions<FootfallOptions>>().Value;
        services.GetRequiredService<RedisJournal>().StopWithin(TimeSpan.FromSeconds(options.DrainSeconds + options.ShutdownSeconds));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_follower is null) return;
        await _stopping.CancelAsync();
        await _running;
        await _follower.StopAsync();
    }

    private async Task PrepareSaltsAsync(RedisSaltStore salts)
    {
        while (!_stopping.IsCancellationRequested)
        {
            await salts.PrepareAsync();
            await Task.Delay(SaltInterval, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
