namespace Footfall.Journal.Sqlite;

/// <summary>The two clocks of the journal, in milliseconds.</summary>
internal sealed class JournalClock(TimeProvider time)
{
    private readonly long _start = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long _startTimestamp = time.GetTimestamp();

    /// <summary>Unix time by the system clock, which may jump.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Unix time at process start plus the monotonic time since: data that expires by it survives a clock jump.</summary>
    public long MonotonicNow => _start + (long)time.GetElapsedTime(_startTimestamp).TotalMilliseconds;
}
