namespace Footfall.Journal;

/// <summary>
/// When to commit: how long the writer waits before it takes what has gathered. While one commit runs, requests gather, so that under load
/// batches grow by themselves. After a failure attempts slow down, so that a full disk is not asked a thousand times a second.
/// </summary>
internal sealed class CommitPolicy
{
    /// <summary>The longest wait between two attempts to write while the store fails.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan InitialDelay = TimeSpan.FromMilliseconds(50);

    private int _failures;

    /// <summary>Whether the last attempt succeeded.</summary>
    public bool IsHealthy => _failures == 0;

    /// <summary>
    /// How long an idle writer sleeps before it tries by itself whether the store works again: not at all while it works.
    /// </summary>
    public TimeSpan? ProbeDelay => IsHealthy ? null : InitialDelay * Math.Min(1 << Math.Min(_failures - 1, 10), MaxDelay / InitialDelay);

    public void RecordSuccess() => _failures = 0;

    public void RecordFailure() => _failures++;
}
