namespace Footfall.History.Rollups;

/// <summary>Compares the wall clock with the monotonic clock: a wrong wall clock must not cause deletion by age.</summary>
internal sealed class ClockSkewMonitor(TimeProvider time)
{
    /// <summary>More than clocks drift or are corrected between two checks.</summary>
    private static readonly TimeSpan JumpThreshold = TimeSpan.FromMinutes(5);

    /// <summary>How long an operator has to notice a clock that was set ahead.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromDays(1);

    private DateTimeOffset _wall = time.GetUtcNow();
    private long _timestamp = time.GetTimestamp();
    private long? _jumpedAt;

    /// <summary>Whether the wall clock has not jumped ahead for a day, or since the start.</summary>
    public bool IsSteady()
    {
        var (wall, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        if (wall - _wall - time.GetElapsedTime(_timestamp, timestamp) > JumpThreshold) _jumpedAt = timestamp;
        (_wall, _timestamp) = (wall, timestamp);
        return _jumpedAt is not { } at || time.GetElapsedTime(at) >= GracePeriod;
    }
}
