using Footfall.Words;
using Microsoft.Extensions.Options;

namespace Footfall.Journal.Redis;

internal static class RedisSetup
{
    public static IServiceCollection AddRedis(this IServiceCollection services) => services
        .AddSingleton(static services => services.IsOnRedis() ? new SharedTime(TimeProvider.System) : TimeProvider.System)
        .AddSingleton<RedisLink>()
        .AddSingleton<RedisTail>()
        .AddSingleton<RedisCounts>()
        .AddSingleton<RedisJournal>()
        .AddSingleton<RedisSalts>()
        .AddSingleton<RedisHitSource>()
        .AddSingleton<RedisSiteRemoval>()
        .AddSingleton<RedisMetrics>()
        .AddSingleton<RedisRates>()
        .AddSingleton<StreamReaders>()
        .AddSingleton<StreamTrim>()
        .AddHostedService<RedisRunning>();

    /// <summary>Whether the settings say so.</summary>
    public static bool IsOnRedis(this IServiceProvider services) => services.GetRequiredService<IOptions<FootfallOptions>>().Value.Journal == JournalKind.Redis;
}

/// <summary>What runs beside the requests: the tail of the streams, the trimming, and the salts of the next day. Nothing where the journal is not on Redis.</summary>
internal sealed class RedisRunning(IServiceProvider services, TimeProvider time) : IHostedLifecycleService
{
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private StreamTrim? _trim;
    private RedisTail? _tail;
    private Task _running = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Registers the history before it is read, so that nobody cuts what it has not read.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!services.IsOnRedis()) return;
        (_trim, _tail) = (services.GetRequiredService<StreamTrim>(), services.GetRequiredService<RedisTail>());
        try
        {
            await _trim.TellAsync();
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            throw new StartException($"The history can't be registered in Redis ({services.GetRequiredService<RedisLink>().Keys.Readers}): {RedisTrouble.Sentence(error)}", error);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (_tail is null || _trim is null) return Task.CompletedTask;
        _tail.Start();
        _running = Task.WhenAll(_trim.RunAsync(_stopping.Token), PrepareSaltsAsync(services.GetRequiredService<RedisSalts>()));
        return Task.CompletedTask;
    }

    /// <summary>The time of the whole stop begins here.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_tail is null) return Task.CompletedTask;
        var options = services.GetRequiredService<IOptions<FootfallOptions>>().Value;
        services.GetRequiredService<RedisJournal>().EndWithin(TimeSpan.FromSeconds(options.DrainSeconds + options.ShutdownSeconds));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_tail is null) return;
        await _stopping.CancelAsync();
        await _running;
        await _tail.StopAsync();
    }

    private async Task PrepareSaltsAsync(RedisSalts salts)
    {
        while (!_stopping.IsCancellationRequested)
        {
            await salts.PrepareAsync();
            await Task.Delay(Round, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
