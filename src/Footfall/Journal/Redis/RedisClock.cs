namespace Footfall.Journal.Redis;

/// <summary>
/// Redis' time as known to this node: the last reported time plus the monotonic time since. A node's wall clock may be wrong by minutes, so
/// everything in the journal expires by Redis' clock, the same for all nodes.
/// </summary>
internal sealed class RedisClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _offset;

    /// <summary>Unix time in milliseconds on Redis' clock.</summary>
    public long Now => Elapsed() + Volatile.Read(ref _offset);

    /// <summary>How far this node's wall clock is ahead of Redis', in milliseconds.</summary>
    public long Skew => (time is RedisTimeProvider redisTime ? redisTime.MachineUtcNow : time.GetUtcNow()).ToUnixTimeMilliseconds() - Now;

    /// <summary>A timestamp to take before requesting the time from Redis.</summary>
    public long Elapsed() => (long)time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Updates the clock from a reply of Redis.</summary>
    /// <param name="requestedAt">The value of <see cref="Elapsed"/> before the request.</param>
    public void Synchronize(DateTimeOffset serverTime, long requestedAt)
    {
        Volatile.Write(ref _offset, serverTime.ToUnixTimeMilliseconds() - (requestedAt + Elapsed()) / 2);
        if (time is RedisTimeProvider redisTime) redisTime.Skew = TimeSpan.FromMilliseconds(Skew);
    }
}
