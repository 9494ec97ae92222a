namespace Footfall.Live;

/// <summary>A moment in the time units of the live state.</summary>
/// <param name="Milliseconds">Unix time in milliseconds.</param>
internal readonly record struct LiveTime(long Milliseconds)
{
    /// <summary>The minutes that the live state shows, including the current one.</summary>
    public const int Minutes = 30;

    /// <summary>
    /// The steps in five minutes, including the current one: a visitor is active for 295 to 300 seconds after the last hit.
    /// </summary>
    public const int Steps = 60;

    public const long MillisecondsPerMinute = 60_000;

    /// <summary>Five seconds: fine enough for five minutes, and five times less memory than seconds.</summary>
    public const long MillisecondsPerStep = 5_000;

    /// <summary>Minutes since 1970-01-01.</summary>
    public long Minute => Milliseconds / MillisecondsPerMinute;

    /// <summary>Steps of five seconds since 1970-01-01.</summary>
    public long Step => Milliseconds / MillisecondsPerStep;

    public static LiveTime Now(TimeProvider time) => new(time.GetUtcNow().ToUnixTimeMilliseconds());
}
