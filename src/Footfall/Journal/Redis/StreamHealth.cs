using System.Globalization;

namespace Footfall.Journal.Redis;

/// <summary>Which streams can't be read, and why. One unresponsive primary says nothing about the others.</summary>
internal sealed class StreamHealth(RedisConnectionManager connections, StreamFetcher fetcher, ILogger log, TimeProvider time)
{
    /// <summary>How long a stream may be unreadable before it is reported, and how long a pending reply counts as healthy.</summary>
    private static readonly TimeSpan FaultAfter = TimeSpan.FromSeconds(3), ReplyTimeout = TimeSpan.FromSeconds(20);

    private readonly string?[] _faults = new string?[connections.Keys.Shards.Count];
    private readonly long[] _lastRead = [.. connections.Keys.Shards.Select(_ => time.GetTimestamp())];
    private readonly Task[] _probes = [.. connections.Keys.Shards.Select(static _ => Task.CompletedTask)];
    private readonly long[] _lastProbe = new long[connections.Keys.Shards.Count];
    private bool _reported;

    /// <summary>Whether any stream can be read.</summary>
    public bool IsHealthy => _faults.Any(static fault => fault is null);

    /// <summary>How many can't be read, and why; null while all can.</summary>
    public string? Fault { get; private set; }

    /// <summary>Records that a stream has replied.</summary>
    public void RecordSuccess(int shard)
    {
        _lastRead[shard] = time.GetTimestamp();
        _faults[shard] = null;
    }

    public void RecordFailure(int shard, Exception error)
    {
        if (time.GetElapsedTime(_lastRead[shard]) > FaultAfter) _faults[shard] = RedisFault.Describe(error);
    }

    /// <summary>
    /// Checks whether the servers of long-pending replies respond at all, since many megabytes take time. Logs when streams start to fail
    /// or all can be read again.
    /// </summary>
    public void CheckPending()
    {
        foreach (var shard in connections.Keys.Shards)
        {
            if (fetcher.GetPendingTime(shard.Number) is var pendingTime && pendingTime <= FaultAfter) continue;
            if (pendingTime > ReplyTimeout) RecordFailure(shard.Number, new TimeoutException());
            else if (_probes[shard.Number].IsCompleted && time.GetElapsedTime(_lastProbe[shard.Number]) > FaultAfter / 6)
                _probes[shard.Number] = ProbeAsync(shard);
        }
        var failing = _faults.Where(static fault => fault is not null).ToList();
        Fault = failing.Count == 0 ? null
            : string.Create(CultureInfo.InvariantCulture, $"{failing.Count} of {_faults.Length} shards can't be read: {failing[0]}");
        if (_reported == Fault is not null) return;
        _reported = !_reported;
        if (_reported) log.FollowerFailed(failing.Count, _faults.Length, failing[0]!);
        else log.FollowerRecovered();
    }

    private async Task ProbeAsync(RedisKeys.Shard shard)
    {
        try
        {
            await connections.Auxiliary.KeyExistsAsync(shard.Meta);
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            if (fetcher.GetPendingTime(shard.Number) > FaultAfter) RecordFailure(shard.Number, error);
        }
        _lastProbe[shard.Number] = time.GetTimestamp();
    }
}
