namespace Footfall.History.Store;

/// <summary>Compares the wall clock with the one that never jumps: what is deleted by age must not be deleted by a clock that was set wrong.</summary>
internal sealed class ClockWatch(TimeProvider time)
{
    /// <summary>More than clocks drift between two looks, and more than they are put right by.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromMinutes(5);

    /// <summary>How long an operator has to notice a clock that was set ahead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    private DateTimeOffset _wall = time.GetUtcNow();
    private long _stamp = time.GetTimestamp();
    private long? _jumped;

    /// <summary>Whether the wall clock has not jumped ahead for a day, or since the start.</summary>
    public bool IsSteady()
    {
        var (wall, stamp) = (time.GetUtcNow(), time.GetTimestamp());
        if (wall - _wall - time.GetElapsedTime(_stamp, stamp) > Jump) _jumped = stamp;
        (_wall, _stamp) = (wall, stamp);
        return _jumped is not { } at || time.GetElapsedTime(at) >= Grace;
    }
}
