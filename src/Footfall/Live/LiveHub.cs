using Footfall.Words;

namespace Footfall.Live;

/// <summary>The streams of all watched sites, and the clock that drives them. It rests while nobody watches.</summary>
internal sealed class LiveHub : IDisposable
{
    /// <summary>At most ten changes a second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a stream is kept for a last watcher who comes back.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Lock _ticking = new();
    private readonly Dictionary<string, Broadcaster> _broadcasters = [];
    private readonly List<Broadcaster> _round = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer _timer;
    private readonly Sites _sites;
    private readonly LivePicture _picture;
    private readonly TimeProvider _time;
    private readonly LiveMetrics _metrics;
    private readonly ILogger<LiveHub> _log;
    private bool _running;

    public LiveHub(Sites sites, LivePicture picture, TimeProvider time, LiveMetrics metrics, IHostApplicationLifetime lifetime, ILogger<LiveHub> log)
    {
        (_sites, _picture, _time, _metrics, _log) = (sites, picture, time, metrics, log);
        _timer = time.CreateTimer(static hub => ((LiveHub)hub!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = lifetime.ApplicationStopping.Register(Stop);
    }

    /// <summary>Whether the server stops: a stream would end as soon as it began.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Streams to a response until its client goes, is too slow, or the server stops.</summary>
    /// <param name="domain">Normalised.</param>
    /// <param name="lastEventId">The id of the last message that the client has, or nothing.</param>
    public async Task WatchAsync(HttpContext http, string domain, string lastEventId)
    {
        var watcher = new Watcher(http, _time, _metrics, _log);
        var broadcaster = Join(domain, watcher);
        try
        {
            await watcher.RunAsync(broadcaster, broadcaster.Begin(lastEventId), _stopping.Token);
        }
        finally
        {
            watcher.End();
            Leave(broadcaster, watcher);
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer.Dispose();
    }

    private Broadcaster Join(string domain, Watcher watcher)
    {
        lock (_lock)
        {
            if (!_broadcasters.TryGetValue(domain, out var broadcaster))
                _broadcasters[domain] = broadcaster = new Broadcaster(domain, _sites, _picture, _time);
            broadcaster.Join(watcher);
            _metrics.WatcherJoined();
            if (!_running) _timer.Change(Interval, Interval);
            _running = true;
            return broadcaster;
        }
    }

    private void Leave(Broadcaster broadcaster, Watcher watcher)
    {
        lock (_lock)
        {
            broadcaster.Leave(watcher);
            _metrics.WatcherLeft();
            // Anybody can name a domain that does not exist: such a stream is not kept.
            if (!broadcaster.IsKnown) RemoveIfIdle(broadcaster, TimeSpan.Zero);
        }
    }

    private void RemoveIfIdle(Broadcaster broadcaster, TimeSpan limit)
    {
        if (broadcaster.IsIdle(limit)) _broadcasters.Remove(broadcaster.Domain);
    }

    private void Tick()
    {
        // A tick that comes while the one before still runs has nothing to add.
        if (!_ticking.TryEnter()) return;
        try
        {
            lock (_lock) _round.AddRange(_broadcasters.Values);
            foreach (var broadcaster in _round) Tick(broadcaster);
            _round.Clear();
            lock (_lock)
            {
                if (_broadcasters.Count > 0) return;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _running = false;
            }
        }
        finally
        {
            _ticking.Exit();
        }
    }

    private void Tick(Broadcaster broadcaster)
    {
        try
        {
            broadcaster.Refresh();
            broadcaster.DropStuck();
            if (!broadcaster.IsIdle(KeptFor)) return;
            lock (_lock) RemoveIfIdle(broadcaster, KeptFor);
        }
        catch (Exception error)
        {
            // The other streams go on, and this one tries again at the next tick.
            _log.PublishingFailed(error, broadcaster.Domain);
        }
    }

    private void Stop()
    {
        _stopping.Cancel();
        lock (_lock)
            foreach (var broadcaster in _broadcasters.Values) broadcaster.WakeAll();
    }
}
