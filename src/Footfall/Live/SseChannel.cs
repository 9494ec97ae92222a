using System.Security.Cryptography;
using Footfall.Common;

namespace Footfall.Live;

/// <summary>
/// The stream of one site with subscribers. It compares the live state with the last published snapshot, serializes the difference once,
/// and keeps it for all subscribers. Each is a number in <see cref="MessageRing"/> and an <see cref="AsyncAutoResetEvent"/>: it writes at
/// its own pace, and gets a snapshot if it falls out of the ring.
/// </summary>
internal sealed class SseChannel(string domain, SiteRegistry sites, LiveState state, TimeProvider time)
{
    /// <summary>The time without a message after which a comment is sent.</summary>
    public static readonly TimeSpan HeartbeatAfter = TimeSpan.FromSeconds(15);

    /// <summary>Ticks of <see cref="SseHub.Interval"/>: two seconds.</summary>
    private const int MaxCatchUpTicks = 20;

    /// <summary>
    /// For each group of this many subscribers, one tick of <see cref="SseHub.Interval"/> is skipped: 10,000 get a change three times a
    /// second, and each sooner, as two cores write about 90,000 messages a second and then fall behind.
    /// </summary>
    private const int SubscribersPerTick = 4_000;

    // Many requests read the ring while the next message is made: two locks, so that they wait only for the append.
    private readonly Lock _refreshLock = new();
    private readonly Lock _lock = new();
    private readonly MessageRing _ring = new();
    private readonly List<SseSubscriber> _subscribers = [];
    private readonly SseWriter _writer = new(domain, RandomNumberGenerator.GetHexString(16, lowercase: true));
    private LiveSnapshot _published = new(), _next = new();
    private (long Sequence, byte[] Bytes)? _snapshot;
    private Site? _site;
    private long _lastMessage = time.GetTimestamp(), _idleSince;
    private bool _stale = true;
    private int _skippedTicks;

    public string Domain => domain;

    /// <summary>Whether the site has ever had a hit.</summary>
    public bool IsKnown => _site is not null;

    /// <summary>Whether there have been no subscribers for a while.</summary>
    public bool IsIdle(TimeSpan limit)
    {
        lock (_lock) return _subscribers.Count == 0 && time.GetElapsedTime(_idleSince) >= limit;
    }

    public void Join(SseSubscriber subscriber)
    {
        lock (_lock)
        {
            subscriber.Index = _subscribers.Count;
            _subscribers.Add(subscriber);
        }
    }

    public void Leave(SseSubscriber subscriber)
    {
        lock (_lock)
        {
            var last = _subscribers[^1];
            _subscribers[subscriber.Index] = last;
            last.Index = subscriber.Index;
            _subscribers.RemoveAt(_subscribers.Count - 1);
            if (_subscribers.Count > 0) return;
            _subscribers.Capacity = 0;
            _idleSince = time.GetTimestamp();
            _stale = true;
        }
    }

    /// <summary>
    /// Waits until this node has caught up with what a subscriber has seen on another one, so that no count goes back: a few hundred
    /// milliseconds, with a limit in case that node had hits that are lost.
    /// </summary>
    /// <param name="lastEventId">As for <see cref="GetStartCursor"/>.</param>
    public async Task CatchUpAsync(string lastEventId, CancellationToken cancellationToken)
    {
        var position = SseWriter.ReadPosition(lastEventId);
        for (var ticksLeft = MaxCatchUpTicks; ticksLeft > 0 && position > GetPublishedPosition(); ticksLeft--)
            await Task.Delay(SseHub.Interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Finds the start of a new subscriber.</summary>
    /// <param name="lastEventId">The id of the last message that the client has, or nothing.</param>
    /// <returns>The number of that message; -1, before all messages, if it is not one of those kept.</returns>
    public long GetStartCursor(ReadOnlySpan<char> lastEventId)
    {
        if (_stale) Refresh(onlyIfStale: true);
        lock (_lock) return _writer.TryReadId(lastEventId, out var number) && number >= _ring.Oldest && number <= _ring.Newest ? number
            : -1;
    }

    /// <summary>The next message of a subscriber.</summary>
    /// <param name="cursor">The number of the last message that it has; advanced.</param>
    /// <returns>Null if it has them all.</returns>
    public byte[]? ReadNext(ref long cursor)
    {
        lock (_lock)
        {
            if (cursor == _ring.Newest) return null;
            if (cursor >= _ring.Oldest) return _ring.Next(cursor++);
            cursor = _ring.Newest;
            if (_snapshot is not { } snapshot || snapshot.Sequence != cursor)
                _snapshot = snapshot = (cursor, _writer.WriteSnapshot(cursor, _published, (_site ?? sites.Default).Currency));
            return snapshot.Bytes;
        }
    }

    /// <summary>Publishes what changed since the last time, if there are subscribers.</summary>
    public void Refresh() => Refresh(onlyIfStale: false);

    /// <summary>Drops subscribers that have read nothing for too long.</summary>
    public void DropStuck()
    {
        List<SseSubscriber>? stuck = null;
        lock (_lock)
            foreach (var subscriber in _subscribers)
                if (subscriber.IsStuck) (stuck ??= []).Add(subscriber);
        foreach (var subscriber in stuck ?? []) subscriber.Drop();
    }

    public void WakeAll()
    {
        lock (_lock)
            foreach (var subscriber in _subscribers) subscriber.WakeEvent.Signal();
    }

    private long GetPublishedPosition()
    {
        if (_stale) Refresh(onlyIfStale: true);
        lock (_lock) return _published.Position;
    }

    private void Refresh(bool onlyIfStale)
    {
        lock (_refreshLock)
        {
            lock (_lock)
            {
                if (_subscribers.Count == 0 || onlyIfStale && !_stale) return;
                if (!onlyIfStale && _skippedTicks < _subscribers.Count / SubscribersPerTick)
                {
                    _skippedTicks++;
                    return;
                }
                _skippedTicks = 0;
                _stale = false;
            }
            if (_site is null && sites.TryGet(domain, out var site)) _site = site;
            var differs = state.TryCopy(_site, _published, _next);
            // All subscribers start from the first snapshot: it has no preceding changes to publish.
            var message = differs && _published.TakenAt != default ? _writer.WriteChange(_ring.Newest + 1, _published, _next) : null;
            if (message is null && IsQuiet()) message = SseWriter.Heartbeat;
            lock (_lock)
            {
                if (differs) (_published, _next) = (_next, _published);
                if (message is not null) Append(message);
            }
        }
    }

    /// <summary>Also after the clock went back: an extra comment is better than silence.</summary>
    private bool IsQuiet() => time.GetElapsedTime(_lastMessage) is var quiet && (quiet >= HeartbeatAfter || quiet < TimeSpan.Zero);

    private void Append(byte[] message)
    {
        _lastMessage = time.GetTimestamp();
        _ring.Add(message);
        foreach (var subscriber in _subscribers) subscriber.WakeEvent.Signal();
    }
}
