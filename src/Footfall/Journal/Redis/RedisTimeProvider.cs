namespace Footfall.Journal.Redis;

/// <summary>
/// The time of all nodes: this machine's wall clock, put right by as much as it differs from Redis'. Without it a node whose clock is ten
/// minutes off would put its hits at the wrong minute, and refuse events of browsers as coming from the future. Within
/// <see cref="Tolerance"/> the machine's own clock is taken as it is.
/// </summary>
/// <param name="machine">Timers and elapsed time are its own.</param>
internal sealed class RedisTimeProvider(TimeProvider machine) : TimeProvider
{
    /// <summary>What clocks kept by NTP never differ by.</summary>
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
