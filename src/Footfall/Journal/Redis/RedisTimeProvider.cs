namespace Footfall.Journal.Redis;

/// <summary>
/// The time of all nodes: this machine's wall clock, corrected by its offset from Redis' clock. Otherwise a node whose clock is ten minutes
/// off would record hits at the wrong minute and reject browser events as being in the future. Offsets within <see cref="Tolerance"/> are
/// ignored.
/// </summary>
/// <param name="machine">Provides timers and elapsed time.</param>
internal sealed class RedisTimeProvider(TimeProvider machine) : TimeProvider
{
    /// <summary>More than the difference between clocks synchronized by NTP.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private long _skew;

    /// <summary>How far the machine's clock is ahead of Redis'.</summary>
    public TimeSpan Skew
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _skew));
        set => Volatile.Write(ref _skew, value.Duration() > Tolerance ? value.Ticks : 0);
    }

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>The machine's own clock.</summary>
    public DateTimeOffset MachineUtcNow => machine.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow().AddTicks(-Volatile.Read(ref _skew));

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);
}
