using Footfall.Common;

namespace Footfall.Live;

/// <summary>The streams of all sites with subscribers, and the timer that drives them. The timer stops without subscribers.</summary>
internal sealed class SseHub : IDisposable
{
    /// <summary>At most ten changes a second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a stream is kept for its last subscriber to reconnect.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Lock _tickLock = new();
    private readonly Dictionary<string, SseChannel> _channels = [];
    private readonly List<SseChannel> _tickChannels = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer _timer;
    private readonly SiteRegistry _sites;
    private readonly LiveState _state;
    private readonly TimeProvider _time;
    private readonly LiveMetrics _metrics;
    private readonly ILogger<SseHub> _log;
    private bool _running;

    public SseHub(SiteRegistry sites, LiveState state, TimeProvider time, LiveMetrics metrics, IHostApplicationLifetime lifetime,
        ILogger<SseHub> log)
    {
        (_sites, _state, _time, _metrics, _log) = (sites, state, time, metrics, log);
        _timer = time.CreateTimer(static hub => ((SseHub)hub!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = lifetime.ApplicationStopping.Register(Stop);
    }

    /// <summary>Whether the server stops: a stream would end as soon as it began.</summary>
    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Streams to a response until the client disconnects, is too slow, or the server stops.</summary>
    /// <param name="domain">Normalized.</param>
    /// <param name="lastEventId">The id of the last message that the client has, or nothing.</param>
    public async Task SubscribeAsync(HttpContext http, string domain, string lastEventId)
    {
        var subscriber = new SseSubscriber(http, _time, _metrics, _log);
        var channel = Join(domain, subscriber);
        try
        {
            if (lastEventId.Length > 0) await channel.CatchUpAsync(lastEventId, _stopping.Token);
            await subscriber.RunAsync(channel, channel.GetStartCursor(lastEventId), _stopping.Token);
        }
        finally
        {
            subscriber.End();
            Leave(channel, subscriber);
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer.Dispose();
    }

    private SseChannel Join(string domain, SseSubscriber subscriber)
    {
        lock (_lock)
        {
            if (!_channels.TryGetValue(domain, out var channel))
                _channels[domain] = channel = new SseChannel(domain, _sites, _state, _time);
            channel.Join(subscriber);
            _metrics.AddSubscriber();
            if (!_running) _timer.Change(Interval, Interval);
            _running = true;
            return channel;
        }
    }

    private void Leave(SseChannel channel, SseSubscriber subscriber)
    {
        lock (_lock)
        {
            channel.Leave(subscriber);
            _metrics.RemoveSubscriber();
            // Anyone can request a domain that does not exist: such a stream is not kept.
            if (!channel.IsKnown) RemoveIfIdle(channel, TimeSpan.Zero);
        }
    }

    private void RemoveIfIdle(SseChannel channel, TimeSpan limit)
    {
        if (channel.IsIdle(limit)) _channels.Remove(channel.Domain);
    }

    private void Tick()
    {
        // A tick during the previous one has nothing to add.
        if (!_tickLock.TryEnter()) return;
        try
        {
            lock (_lock) _tickChannels.AddRange(_channels.Values);
            foreach (var channel in _tickChannels) Tick(channel);
            _tickChannels.Clear();
            lock (_lock)
            {
                if (_channels.Count > 0) return;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _running = false;
            }
        }
        finally
        {
            _tickLock.Exit();
        }
    }

    private void Tick(SseChannel channel)
    {
        try
        {
            channel.Refresh();
            channel.DropStuck();
            if (!channel.IsIdle(IdleTimeout)) return;
            lock (_lock) RemoveIfIdle(channel, IdleTimeout);
        }
        catch (Exception error)
        {
            // The other streams continue, and this one retries at the next tick.
            _log.PublishFailed(error, channel.Domain);
        }
    }

    private void Stop()
    {
        _stopping.Cancel();
        lock (_lock)
            foreach (var channel in _channels.Values) channel.WakeAll();
    }
}
