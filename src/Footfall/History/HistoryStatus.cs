namespace Footfall.History;

/// <summary>The state of the history, as health checks and metrics see it.</summary>
/// <param name="State">What the history is doing.</param>
/// <param name="LagSeconds">The age of the oldest hit that is in the journal and not in the history, or slightly more; 0 where there is
/// none.</param>
/// <param name="LagCommits">The number of commits that the history is behind.</param>
/// <param name="Error">Why it can't be written, or that part of it can't be read; null if all is well.</param>
internal sealed record HistoryHealth(HistoryState State, double LagSeconds, long LagCommits, string? Error);

internal enum HistoryState
{
    /// <summary>Disabled by a setting.</summary>
    Off,

    /// <summary>It is being opened.</summary>
    Starting,
    Ready,

    /// <summary>It can't be written; the journal keeps the hits for it.</summary>
    Failing,
}

/// <summary>
/// Kept by the projector, read by health and metrics. Reading it does no I/O and takes no lock that is held during a journal read.
/// </summary>
internal sealed class HistoryStatus(IHitSource source, TimeProvider time)
{
    /// <summary>How long a read error is reported after the last query that failed with it.</summary>
    private static readonly TimeSpan ReadErrorLifetime = TimeSpan.FromMinutes(10);

    private volatile string? _error;
    private volatile int _state = (int)HistoryState.Off;
    private volatile Progress _progress = new(0, 0);
    private volatile ReadError? _readError;

    private sealed record ReadError(string Text, long ReportedAt);

    /// <param name="Since">Unix time in milliseconds: no commit after the position is older.</param>
    private sealed record Progress(long Position, long Since);

    /// <summary>The last journal commit in the history.</summary>
    public long Position => _progress.Position;

    /// <summary>Whether the history is disabled.</summary>
    public bool IsOff => _state == (int)HistoryState.Off;

    public void SetStarting()
    {
        _progress = new Progress(0, Now);
        _state = (int)HistoryState.Starting;
    }

    /// <summary>Measures how far the history is behind. Reads the journal, so only the projector's thread may call it.</summary>
    /// <param name="position">The last commit that the history holds.</param>
    public void MeasureLag(long position)
    {
        // Taken before the journal is read: anything missing there is committed later.
        var now = Now;
        _progress = new Progress(position, source.NextAfter(position)?.CommittedAt ?? now);
    }

    public void SetReady(long position)
    {
        MeasureLag(position);
        _error = null;
        _state = (int)HistoryState.Ready;
    }

    public void SetFailing(string error)
    {
        _error = error;
        _state = (int)HistoryState.Failing;
    }

    /// <summary>The store was reopened: what could not be read before may be readable now.</summary>
    public void ClearReadError() => _readError = null;

    /// <summary>A query failed to read the store while hits are still written.</summary>
    /// <returns>Whether the error is new.</returns>
    public bool ReportReadError(string error)
    {
        if (_state != (int)HistoryState.Ready) return false;
        var isNew = CurrentReadError is null;
        _readError = new ReadError(error, time.GetTimestamp());
        return isNew;
    }

    private string? CurrentReadError =>
        _readError is { } error && time.GetElapsedTime(error.ReportedAt) < ReadErrorLifetime ? error.Text : null;

    public HistoryHealth GetHealth()
    {
        var state = (HistoryState)_state;
        if (state == HistoryState.Off) return new(state, 0, 0, null);
        var (position, since) = _progress;
        var lag = source.LastPosition - position;
        return new(state, lag > 0 ? Math.Max(0, (Now - since) / 1000.0) : 0, Math.Max(0, lag), _error ?? CurrentReadError);
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();
}
