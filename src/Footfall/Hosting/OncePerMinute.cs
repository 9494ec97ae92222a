namespace Footfall.Hosting;

/// <summary>A filter for a category of the log that strangers can fill: one entry a minute.</summary>
internal sealed class OncePerMinute(TimeProvider time)
{
    /// <summary>An entry is looked at several times on its way: by who writes it, and by each target.</summary>
    private static readonly TimeSpan Same = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private long? _last;

    public bool Passes()
    {
        lock (_lock)
        {
            if (_last is { } last && time.GetElapsedTime(last) is var since && since < TimeSpan.FromMinutes(1)) return since < Same;
            _last = time.GetTimestamp();
            return true;
        }
    }
}
