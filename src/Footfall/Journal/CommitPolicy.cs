namespace Footfall.Journal;

/// <summary>
/// When to commit: how long the writer waits before it takes the queued hits. Requests queue during a commit, so batches grow with the
/// load. After a failure, attempts slow down, so that a full disk is not tried a thousand times a second.
/// </summary>
internal sealed class CommitPolicy
{
    /// <summary>The longest wait between two attempts to write while the store fails.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan InitialDelay = TimeSpan.FromMilliseconds(50);

    private int _failures;

    /// <summary>Whether the last attempt succeeded.</summary>
    public bool IsHealthy => _failures == 0;

    /// <summary>How long an idle writer sleeps before it tests by itself whether the store works again; zero while it works.</summary>
    public TimeSpan? ProbeDelay => IsHealthy ? null : InitialDelay * Math.Min(1 << Math.Min(_failures - 1, 10), MaxDelay / InitialDelay);

    public void RecordSuccess() => _failures = 0;

    public void RecordFailure() => _failures++;
}
