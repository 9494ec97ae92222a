namespace Footfall.Journal.Sqlite;

/// <summary>The two clocks of the journal, in milliseconds.</summary>
internal sealed class JournalClock(TimeProvider time)
{
    private readonly long _start = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long _startTimestamp = time.GetTimestamp();

    /// <summary>Unix time, as the system's clock says: it may jump.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Unix time at the start of the process and the time since on a clock that never goes back: what ages by it is not lost by a jump.
    /// </summary>
    public long MonotonicNow => _start + (long)time.GetElapsedTime(_startTimestamp).TotalMilliseconds;
}
