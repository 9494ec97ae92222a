namespace Footfall.History.Rollups;

/// <summary>
/// Compares the wall clock with the one that never jumps: what is deleted by age must not be deleted by a clock that was set wrong.
/// </summary>
internal sealed class ClockSkewMonitor(TimeProvider time)
{
    /// <summary>More than clocks drift between two looks, and more than they are put right by.</summary>
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
