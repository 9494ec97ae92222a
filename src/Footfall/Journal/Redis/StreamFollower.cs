using System.Buffers;
using System.Runtime.InteropServices;
using Footfall.Common;
using Footfall.Live;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Follows the streams of all shards, so that the live state of this node has the hits of all nodes. At startup it loads the counters as of
/// one entry of each stream and the hits of the half hour before it; from there on each entry updates both, in order.
/// </summary>
internal sealed class StreamFollower : IDisposable
{
    /// <summary>How far back hits are replayed, in milliseconds: the gap of a visit and the live state are 30 minutes.</summary>
    private const long ReplayWindow = 35 * 60 * 1000;

    /// <summary>Half the interval between two changes of a live stream.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50), RetryDelay = TimeSpan.FromMilliseconds(500);

    internal static readonly RedisScript OpenScript = new("open.lua");

    private readonly RedisConnectionManager _connections;
    private readonly SiteRegistry _sites;
    private readonly ILiveState _live;
    private readonly RedisSaltStore _salts;
    private readonly ILogger<StreamFollower> _logger;
    private readonly TimeProvider _time;
    private readonly RedisMetrics _metrics;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly StreamOffset[] _offsets;
    private readonly StreamFetcher _fetcher;
    private readonly StreamHealth _health;

    // Shards whose counters must be loaded from Redis before their stream is followed.
    private readonly Dictionary<int, Task> _loading = [];
    private readonly List<StreamHit> _entryHits = [];
    private readonly List<Hit> _hits = [];
    private readonly List<HitOutcome> _outcomes = [];
    private readonly ArrayBufferWriter<byte> _details = new();
    private Task _running = Task.CompletedTask;
    private bool _foreignLogged, _counterLogged;

    /// <exception cref="StartupException">No shard can be read.</exception>
    public StreamFollower(
        RedisConnectionManager connections, SiteRegistry sites, ILiveState live, RedisSaltStore salts, RedisMetrics metrics,
        ILogger<StreamFollower> logger, TimeProvider time)
    {
        (_connections, _sites, _live, _salts, _metrics, _logger, _time) = (connections, sites, live, salts, metrics, logger, time);
        _offsets = new StreamOffset[connections.Keys.Shards.Count];
        _fetcher = new StreamFetcher(connections, time);
        _health = new StreamHealth(connections, _fetcher, logger, time);
        StartOffsets = LoadAllAsync().GetAwaiter().GetResult();
    }

    /// <summary>
    /// The offsets at startup: the live state counts every hit after them. The beginning for a shard that could not be read then.
    /// </summary>
    public IReadOnlyList<StreamOffset> StartOffsets { get; }

    /// <summary>Visits as of the entries read.</summary>
    public VisitCounters Counters { get; } = new();

    /// <summary>Whether any stream was read recently.</summary>
    public bool IsHealthy => _health.IsHealthy;

    /// <summary>How many streams can't be read, and why; null while all can.</summary>
    public string? Fault => _health.Fault;

    /// <summary>The last entry read of a shard.</summary>
    public StreamOffset GetOffset(int shard)
    {
        lock (_lock) return _offsets[shard];
    }

    /// <summary>Whether it has begun to follow.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>
    /// Starts to follow, after everything that is loaded at startup, since today's counts up to <see cref="StartOffsets"/> come from the
    /// history.
    /// </summary>
    public void Start()
    {
        IsStarted = true;
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _running.Wait(CancellationToken.None);
    }

    /// <summary>Reads what is new in the streams.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> PollAsync()
    {
        var more = false;
        foreach (var fetched in await _fetcher.FetchAsync(GetOffset, shard => !_loading.ContainsKey(shard), Interval * 2))
        {
            if (fetched.Error is { } error && !RedisFault.IsRedisError(error)) _logger.UnexpectedError(error);
            if (fetched.Error is not null) _health.RecordFailure(fetched.Shard.Number, fetched.Error);
            else
            {
                ApplyEntries(fetched.Shard, fetched.Entries);
                _health.RecordSuccess(fetched.Shard.Number);
                more |= fetched.HasMore;
            }
        }
        foreach (var (shard, load) in _loading.Where(static pair => pair.Value.IsCompleted).ToList())
        {
            if (load.IsCompletedSuccessfully) _loading.Remove(shard);
            else
            {
                _health.RecordFailure(shard, load.Exception!.InnerException!);
                _loading[shard] = RetryLoadAsync(_connections.Keys.Shards[shard]);
            }
        }
        _health.CheckPending();
        return more;
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var pause = Interval;
            try
            {
                if (await PollAsync()) pause = TimeSpan.Zero;
            }
            catch (Exception error)
            {
                pause = RetryDelay;
                _logger.UnexpectedError(error);
            }
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void ApplyEntries(RedisKeys.Shard shard, StreamEntry[] entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                var offset = StreamOffset.Parse(entry.Id);
                if (IsForeign(shard, entry))
                {
                    _offsets[shard.Number] = _offsets[shard.Number].AfterForeign(offset);
                    continue;
                }
                var expected = _offsets[shard.Number].Sequence + 1;
                if (offset.Sequence != expected)
                {
                    _logger.StreamGap(shard.Number, offset.Sequence, expected);
                    _loading[shard.Number] = LoadAsync(shard);
                    return;
                }
                if (StreamEntryReader.ReadDeletedSite(entry) is { } deleted) RemoveSite(deleted);
                else ApplyHits(entry, null);
                _offsets[shard.Number] = offset;
            }
        }
    }

    private async Task<StreamOffset[]> LoadAllAsync()
    {
        var loading = _connections.Keys.Shards.Select(LoadAsync).ToArray();
        await ((Task)Task.WhenAll(loading)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Part of a Cluster may be down: the other sites are still shown.
        var errors = loading.Select(static task => task.Exception?.InnerException).OfType<Exception>().ToList();
        if (errors.FirstOrDefault(static error => !RedisFault.IsRedisError(error)) is { } failure) throw failure;
        if (errors.Count == loading.Length) throw CreateStartException(errors[0]);
        StreamOffset[] begin = [.. _offsets];
        var hits = 0L;
        foreach (var shard in _connections.Keys.Shards)
        {
            try
            {
                if (loading[shard.Number].IsCompletedSuccessfully) hits += await ReplayAsync(shard);
                else _loading[shard.Number] = loading[shard.Number];
            }
            catch (Exception error) when (RedisFault.IsRedisError(error))
            {
                throw CreateStartException(error);
            }
        }
        _logger.StreamsLoaded(hits, loading.Where(static task => task.IsCompletedSuccessfully).Sum(static task => task.Result));
        return begin;
    }

    private static StartupException CreateStartException(Exception error) =>
        new($"The journal in Redis can't be read: {RedisFault.Describe(error)}", error);

    /// <summary>Retries, after a while, to load a shard that failed to load.</summary>
    private async Task RetryLoadAsync(RedisKeys.Shard shard)
    {
        await Task.Delay(RetryDelay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var first = GetOffset(shard.Number) == default;
        await LoadAsync(shard);
        if (first) await ReplayAsync(shard);
    }

    /// <summary>Loads the counters of a shard, to continue after the entry that they are from.</summary>
    /// <returns>The number of counters.</returns>
    private async Task<int> LoadAsync(RedisKeys.Shard shard)
    {
        var reply = (RedisResult[])(await OpenScript.RunAsync(_connections.Database, [shard.Meta], [shard.Prefix]))!;
        lock (_lock)
        {
            var (count, number, counted) = (0, (long)reply[0], new HashSet<string>());
            foreach (var siteReply in reply.Skip(2).Select(site => (RedisResult[])site!))
            {
                var site = _sites.GetOrAddStored((string)siteReply[0]!);
                counted.Add(site.Domain);
                var days = (RedisResult[])siteReply[2]!;
                var today = site.DayOf(_connections.Clock.Now);
                var todayVisits = Enumerable.Range(0, 3).Where(i => (int)days[i * 2] == today)
                    .Select(i => ParseCounters(days[i * 2 + 1], shard, site)).FirstOrDefault() ?? [];
                var visits = ParseCounters(siteReply[1], shard, site);
                // Counters that Redis has lost must not stay here.
                Counters.Reset(site);
                foreach (var (country, total) in visits) Counters.Load(site, country,
                    new VisitCounters.Cell(0, total, today, todayVisits.GetValueOrDefault(country)));
                _live.ReplaceCounters(site, [.. visits.Select(pair => (pair.Key, pair.Value, todayVisits.GetValueOrDefault(pair.Key)))],
                    today, number);
                count += visits.Count;
            }
            // Deleted by an entry after the gap.
            foreach (var site in _sites.All.Where(site => _connections.Keys.GetShard(site) == shard && !counted.Contains(site.Domain)))
                RemoveSite(site.Domain);
            _offsets[shard.Number] = new StreamOffset((long)reply[1], number);
            return count;
        }
    }

    /// <summary>The counters of a hash. Invalid values are skipped, so that the others are still shown.</summary>
    private Dictionary<Country, long> ParseCounters(RedisResult flat, RedisKeys.Shard shard, Site site)
    {
        var (values, visits) = ((RedisValue[])flat!, new Dictionary<Country, long>());
        for (var i = 0; i + 1 < values.Length; i += 2)
        {
            if (CoalescedCounterReader.IsCounter(values[i], values[i + 1], out var country, out var count)) visits[country] = count;
            else
            {
                if (!_counterLogged) _logger.InvalidCounter(shard.Visits(site.Domain).ToString(), values[i].ToString());
                _counterLogged = true;
            }
        }
        return visits;
    }

    /// <summary>Applies the hits of the last half hour to the live state, up to the offset of the counters.</summary>
    private async Task<long> ReplayAsync(RedisKeys.Shard shard)
    {
        var (hits, last) = (0L, GetOffset(shard.Number));
        if (last.Sequence == 0) return 0;
        var deleted = await RedisSiteEraser.ReadRecentAsync(_connections, shard);
        var (fetcher, offset) =
            (new StreamFetcher(_connections, _time), new StreamOffset(Math.Max(0, _connections.Clock.Now - ReplayWindow), 0));
        while (offset.Time < last.Time || offset.Sequence < last.Sequence)
        {
            foreach (var fetched in await fetcher.FetchAsync(_ => offset, number => number == shard.Number, RetryDelay))
            {
                if (fetched.Error is { } error) throw error;
                if (fetched.Entries.Length == 0) return hits;
                lock (_lock)
                {
                    foreach (var entry in fetched.Entries)
                    {
                        offset = StreamOffset.Parse(entry.Id);
                        if (IsForeign(shard, entry)) continue;
                        if (offset.Sequence > last.Sequence) return hits;
                        hits += ApplyHits(entry, deleted);
                    }
                }
            }
        }
        return hits;
    }

    /// <summary>Removes a deleted site.</summary>
    private void RemoveSite(string domain)
    {
        _salts.RemoveSite(domain);
        if (!_sites.TryGet(domain, out var site)) return;
        Counters.Reset(site);
        _live.RemoveSite(site);
    }

    /// <summary>Reads an entry for <see cref="ApplyHits"/>, if it is one that a node wrote.</summary>
    private bool IsForeign(RedisKeys.Shard shard, in StreamEntry entry)
    {
        _entryHits.Clear();
        if (StreamEntryReader.ReadDeletedSite(entry) is not null) return false;
        try
        {
            if (StreamEntryReader.TryRead(entry, _sites.GetOrAddStored, _entryHits)) return false;
        }
        catch (UnsupportedBatchVersionException error)
        {
            // The counters are correct again after the next start of this node.
            _logger.UnexpectedError(error);
            return false;
        }
        _metrics.RecordForeignEntry("live");
        if (!_foreignLogged) _logger.ForeignEntry(shard.Number, entry.Id.ToString());
        return _foreignLogged = true;
    }

    /// <param name="deleted">During replay, the entries up to which a site is deleted; null for a new entry.</param>
    private int ApplyHits(in StreamEntry entry, Dictionary<string, long>? deleted)
    {
        var (replayed, number) = (deleted is not null, StreamOffset.Parse(entry.Id).Sequence);
        try
        {
            foreach (var (hit, opened, details) in _entryHits)
            {
                if (deleted?.Count > 0 && number < deleted.GetValueOrDefault(hit.Site.Domain)) continue;
                _details.Write(details.Span);
                _hits.Add(hit);
                var visits = opened && !replayed ? Counters.Increment(hit.Site, hit.Country, hit.Site.DayOf(hit.Time)) : 0;
                _outcomes.Add(new HitOutcome(false, opened, hit.Country, visits));
            }
            Counters.Publish();
            _live.Apply(CollectionsMarshal.AsSpan(_hits), CollectionsMarshal.AsSpan(_outcomes), replayed, _details.WrittenSpan, number);
            return _hits.Count;
        }
        catch (LiveUpdateException error)
        {
            // The other hits are shown, and all are counted: the entry must not be read again.
            _logger.LiveUpdateFailed(error);
            return _hits.Count;
        }
        finally
        {
            _hits.Clear();
            _outcomes.Clear();
            _details.ResetWrittenCount();
        }
    }
}
