namespace Footfall.Journal.Redis;

/// <summary>
/// Redis' time as this node knows it: what Redis said last, and how long ago that is on a clock that never goes back. The wall clock of a
/// node may be wrong by minutes: what the journal remembers for a time ends by Redis' clock alone, the same for all nodes.
/// </summary>
internal sealed class RedisClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _offset;

    /// <summary>Unix time in milliseconds on Redis' clock.</summary>
    public long Now => Elapsed() + Volatile.Read(ref _offset);

    /// <summary>How far this node's wall clock is ahead of Redis', in milliseconds.</summary>
    public long Skew => (time is RedisTimeProvider redisTime ? redisTime.MachineUtcNow : time.GetUtcNow()).ToUnixTimeMilliseconds() - Now;

    /// <summary>The moment before Redis is asked for its time.</summary>
    public long Elapsed() => (long)time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Takes what Redis answered.</summary>
    /// <param name="requestedAt">What <see cref="Elapsed"/> was before.</param>
    public void Synchronize(DateTimeOffset serverTime, long requestedAt)
    {
        Volatile.Write(ref _offset, serverTime.ToUnixTimeMilliseconds() - (requestedAt + Elapsed()) / 2);
        if (time is RedisTimeProvider redisTime) redisTime.Skew = TimeSpan.FromMilliseconds(Skew);
    }
}
