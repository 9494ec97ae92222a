namespace Footfall.Journal.Redis;

/// <summary>
/// The time of all nodes: this machine's wall clock, put right by as much as it differs from Redis'. Without it a node whose clock is ten minutes off would put its hits at the wrong minute, and refuse
/// events of browsers as coming from the future. Within <see cref="Tolerated"/> the machine's own clock is taken as it is.
/// </summary>
/// <param name="machine">Timers and elapsed time are its own.</param>
internal sealed class SharedTime(TimeProvider machine) : TimeProvider
{
    /// <summary>What clocks kept by NTP never differ by.</summary>
    public static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(5);

    private long _ahead;

    /// <summary>How far the machine's clock is ahead of Redis'.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _ahead));
        set => Volatile.Write(ref _ahead, value.Duration() > Tolerated ? value.Ticks : 0);
    }

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>The machine's own clock.</summary>
    public DateTimeOffset Uncorrected => machine.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow().AddTicks(-Volatile.Read(ref _ahead));

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);
}
