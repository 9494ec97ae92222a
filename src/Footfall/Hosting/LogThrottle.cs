namespace Footfall.Hosting;

/// <summary>A filter for log categories that outsiders can flood: one entry per minute.</summary>
internal sealed class LogThrottle(TimeProvider time)
{
    /// <summary>An entry is checked several times: by its writer and by each target.</summary>
    private static readonly TimeSpan SameEntryWindow = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private long? _lastAllowed;

    public bool TryPass()
    {
        lock (_lock)
        {
            if (_lastAllowed is { } last && time.GetElapsedTime(last) is var since && since < TimeSpan.FromMinutes(1))
                return since < SameEntryWindow;
            _lastAllowed = time.GetTimestamp();
            return true;
        }
    }
}
