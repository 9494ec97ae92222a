using System.Security.Cryptography;
using Footfall.Words;

namespace Footfall.Live;

/// <summary>
/// The stream of one watched site. It compares the picture with what it published last, serialises the difference once, and keeps it for all
/// watchers. Each of them is a number in <see cref="MessageRing"/> and a <see cref="Wakeup"/>: it writes at its own pace, and who falls out of
/// the ring gets a snapshot.
/// </summary>
internal sealed class Broadcaster(string domain, Sites sites, LivePicture picture, TimeProvider time)
{
    /// <summary>After so long without a message a comment is sent.</summary>
    public static readonly TimeSpan HeartbeatAfter = TimeSpan.FromSeconds(15);

    /// <summary>Of <see cref="LiveHub.Interval"/>: two seconds.</summary>
    private const int MostWaits = 20;

    /// <summary>
    /// For each so many watchers one tick of <see cref="LiveHub.Interval"/> is left out: 10,000 get a change three times a second, and each sooner, as two cores write about
    /// 90,000 messages a second and then fall behind.
    /// </summary>
    private const int WatchersPerTick = 4_000;

    // Many requests read the ring while the next message is made: two locks, so that they wait for the appending alone.
    private readonly Lock _refreshing = new();
    private readonly Lock _lock = new();
    private readonly MessageRing _ring = new();
    private readonly List<Watcher> _watchers = [];
    private readonly EventWriter _events = new(domain, RandomNumberGenerator.GetHexString(16, lowercase: true));
    private PictureCopy _published = new(), _next = new();
    private (long Sequence, byte[] Bytes)? _snapshot;
    private Site? _site;
    private long _lastMessage = time.GetTimestamp(), _lastLeft;
    private bool _stale = true;
    private int _leftOut;

    public string Domain => domain;

    /// <summary>Whether a hit of the site was ever seen.</summary>
    public bool IsKnown => _site is not null;

    /// <summary>Whether nobody has been watching for a time.</summary>
    public bool IsIdle(TimeSpan limit)
    {
        lock (_lock) return _watchers.Count == 0 && time.GetElapsedTime(_lastLeft) >= limit;
    }

    public void Join(Watcher watcher)
    {
        lock (_lock)
        {
            watcher.Place = _watchers.Count;
            _watchers.Add(watcher);
        }
    }

    public void Leave(Watcher watcher)
    {
        lock (_lock)
        {
            var last = _watchers[^1];
            _watchers[watcher.Place] = last;
            last.Place = watcher.Place;
            _watchers.RemoveAt(_watchers.Count - 1);
            if (_watchers.Count > 0) return;
            _watchers.Capacity = 0;
            _lastLeft = time.GetTimestamp();
            _stale = true;
        }
    }

    /// <summary>
    /// Waits until this node shows what a watcher has seen on another one, so that no count goes back: a few hundred milliseconds, and not for ever where that node knew what is lost.
    /// </summary>
    /// <param name="lastEventId">As for <see cref="Begin"/>.</param>
    public async Task ReachAsync(string lastEventId, CancellationToken stop)
    {
        var place = EventWriter.ReadPlace(lastEventId);
        for (var left = MostWaits; left > 0 && place > Shown(); left--)
            await Task.Delay(LiveHub.Interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Finds where a watcher begins who has joined.</summary>
    /// <param name="lastEventId">The id of the last message that the client has, or nothing.</param>
    /// <returns>The number of that message; -1, before all messages, if it is not one of those kept.</returns>
    public long Begin(ReadOnlySpan<char> lastEventId)
    {
        if (_stale) Refresh(onlyIfStale: true);
        lock (_lock) return _events.TryReadId(lastEventId, out var number) && number >= _ring.Oldest && number <= _ring.Newest ? number : -1;
    }

    /// <summary>The next message of a watcher.</summary>
    /// <param name="cursor">The number of the last message that it has; moved on.</param>
    /// <returns>Null if it has them all.</returns>
    public byte[]? Next(ref long cursor)
    {
        lock (_lock)
        {
            if (cursor == _ring.Newest) return null;
            if (cursor >= _ring.Oldest) return _ring.Next(cursor++);
            cursor = _ring.Newest;
            if (_snapshot is not { } snapshot || snapshot.Sequence != cursor)
                _snapshot = snapshot = (cursor, _events.Snapshot(cursor, _published, (_site ?? sites.Default).Currency));
            return snapshot.Bytes;
        }
    }

    /// <summary>Publishes what changed since the last time, if anybody watches.</summary>
    public void Refresh() => Refresh(onlyIfStale: false);

    /// <summary>Gives up watchers who have taken nothing for too long.</summary>
    public void DropStuck()
    {
        List<Watcher>? stuck = null;
        lock (_lock)
            foreach (var watcher in _watchers)
                if (watcher.IsStuck) (stuck ??= []).Add(watcher);
        foreach (var watcher in stuck ?? []) watcher.Drop();
    }

    public void WakeAll()
    {
        lock (_lock)
            foreach (var watcher in _watchers) watcher.Wakeup.Signal();
    }

    private long Shown()
    {
        if (_stale) Refresh(onlyIfStale: true);
        lock (_lock) return _published.Place;
    }

    private void Refresh(bool onlyIfStale)
    {
        lock (_refreshing)
        {
            lock (_lock)
            {
                if (_watchers.Count == 0 || onlyIfStale && !_stale) return;
                if (!onlyIfStale && _leftOut < _watchers.Count / WatchersPerTick)
                {
                    _leftOut++;
                    return;
                }
                _leftOut = 0;
                _stale = false;
            }
            if (_site is null && sites.TryGet(domain, out var site)) _site = site;
            var differs = picture.Read(_site, _published, _next);
            // The first copy is where everybody begins: nobody waits for what led to it.
            var message = differs && _published.Taken != default ? _events.Change(_ring.Newest + 1, _published, _next) : null;
            if (message is null && IsQuiet()) message = EventWriter.Heartbeat;
            lock (_lock)
            {
                if (differs) (_published, _next) = (_next, _published);
                if (message is not null) Append(message);
            }
        }
    }

    /// <summary>Also after a clock that went back: better a comment too many than a silence.</summary>
    private bool IsQuiet() => time.GetElapsedTime(_lastMessage) is var quiet && (quiet >= HeartbeatAfter || quiet < TimeSpan.Zero);

    private void Append(byte[] message)
    {
        _lastMessage = time.GetTimestamp();
        _ring.Add(message);
        foreach (var watcher in _watchers) watcher.Wakeup.Signal();
    }
}
