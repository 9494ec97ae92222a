using System.Buffers;
using System.Runtime.InteropServices;
using Footfall.Live;
using Footfall.Words;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// Follows the streams of all shards, so that the live picture of this node has the hits of all nodes. At the start it takes the counters as they are at one entry of each stream, and the
/// hits of the last half hour before it; from there on each entry moves both, in order.
/// </summary>
internal sealed class RedisTail : IDisposable
{
    /// <summary>How far back hits are replayed, in milliseconds: the gap of a visit and the live picture are 30 minutes.</summary>
    private const long Replayed = 35 * 60 * 1000;

    /// <summary>Half of what a live stream waits between two changes.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50), Pause = TimeSpan.FromMilliseconds(500);

    internal static readonly RedisScript Open = new("open.lua");

    private readonly RedisLink _link;
    private readonly Sites _sites;
    private readonly ILive _live;
    private readonly RedisSalts _salts;
    private readonly ILogger<RedisTail> _logger;
    private readonly TimeProvider _time;
    private readonly RedisMetrics _metrics;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _reading = new();
    private readonly StreamPlace[] _places;
    private readonly StreamReads _reads;
    private readonly StreamHealth _health;

    // Of shards whose counters have to be taken from Redis before their stream is followed.
    private readonly Dictionary<int, Task> _beginning = [];
    private readonly List<StreamHit> _read = [];
    private readonly List<Hit> _hits = [];
    private readonly List<Outcome> _outcomes = [];
    private readonly ArrayBufferWriter<byte> _details = new();
    private Task _running = Task.CompletedTask;
    private bool _foreignLogged, _counterLogged;

    /// <exception cref="StartException">No shard can be read.</exception>
    public RedisTail(
        RedisLink link, Sites sites, ILive live, RedisSalts salts, RedisMetrics metrics, ILogger<RedisTail> logger, TimeProvider time)
    {
        (_link, _sites, _live, _salts, _metrics, _logger, _time) = (link, sites, live, salts, metrics, logger, time);
        _places = new StreamPlace[link.Keys.Shards.Count];
        _reads = new StreamReads(link, time);
        _health = new StreamHealth(link, _reads, logger, time);
        Begin = BeginAsync().GetAwaiter().GetResult();
    }

    /// <summary>Where the streams were at the start: from there on every hit is one that the live picture counts. Of a shard that could not be read then: its beginning.</summary>
    public IReadOnlyList<StreamPlace> Begin { get; }

    /// <summary>Visits as of what was read.</summary>
    public VisitCounters Counters { get; } = new();

    /// <summary>Whether any stream was read a moment ago.</summary>
    public bool Works => _health.Works;

    /// <summary>How many streams can't be read, and why; null while all can.</summary>
    public string? Trouble => _health.Trouble;

    /// <summary>The last entry read of a shard.</summary>
    public StreamPlace Place(int shard)
    {
        lock (_reading) return _places[shard];
    }

    /// <summary>Whether it has begun to follow.</summary>
    public bool Started { get; private set; }

    /// <summary>Begins to follow: behind all that is brought in at the start, since the figures of today are those of the history up to <see cref="Begin"/>.</summary>
    public void Start()
    {
        Started = true;
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
    public async Task<bool> ReadAsync()
    {
        var more = false;
        foreach (var portion in await _reads.ReadAsync(Place, shard => !_beginning.ContainsKey(shard), Interval * 2))
        {
            if (portion.Error is { } error && !RedisTrouble.IsOfRedis(error)) _logger.Defect(error);
            if (portion.Error is not null) _health.Failed(portion.Shard.Number, portion.Error);
            else
            {
                Take(portion.Shard, portion.Entries);
                _health.Answered(portion.Shard.Number);
                more |= portion.Full;
            }
        }
        foreach (var (shard, beginning) in _beginning.Where(static pair => pair.Value.IsCompleted).ToList())
        {
            if (beginning.IsCompletedSuccessfully) _beginning.Remove(shard);
            else
            {
                _health.Failed(shard, beginning.Exception!.InnerException!);
                _beginning[shard] = BeginAgainAsync(_link.Keys.Shards[shard]);
            }
        }
        _health.Look();
        return more;
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var pause = Interval;
            try
            {
                if (await ReadAsync()) pause = TimeSpan.Zero;
            }
            catch (Exception error)
            {
                pause = Pause;
                _logger.Defect(error);
            }
            if (pause > TimeSpan.Zero) await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(RedisKeys.Shard shard, StreamEntry[] entries)
    {
        lock (_reading)
        {
            foreach (var entry in entries)
            {
                var place = StreamPlace.Of(entry.Id);
                if (LeavesOut(shard, entry))
                {
                    _places[shard.Number] = _places[shard.Number].Past(place);
                    continue;
                }
                var expected = _places[shard.Number].Number + 1;
                if (place.Number != expected)
                {
                    _logger.StreamGap(shard.Number, place.Number, expected);
                    _beginning[shard.Number] = LoadAsync(shard);
                    return;
                }
                if (StreamHits.DeletedSite(entry) is { } deleted) Forget(deleted);
                else Fold(entry, null);
                _places[shard.Number] = place;
            }
        }
    }

    private async Task<StreamPlace[]> BeginAsync()
    {
        var loading = _link.Keys.Shards.Select(LoadAsync).ToArray();
        await ((Task)Task.WhenAll(loading)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A part of a Cluster may be down: the sites of the others are shown.
        var errors = loading.Select(static task => task.Exception?.InnerException).OfType<Exception>().ToList();
        if (errors.FirstOrDefault(static error => !RedisTrouble.IsOfRedis(error)) is { } defect) throw defect;
        if (errors.Count == loading.Length) throw NotRead(errors[0]);
        StreamPlace[] begin = [.. _places];
        var hits = 0L;
        foreach (var shard in _link.Keys.Shards)
        {
            try
            {
                if (loading[shard.Number].IsCompletedSuccessfully) hits += await ReplayAsync(shard);
                else _beginning[shard.Number] = loading[shard.Number];
            }
            catch (Exception error) when (RedisTrouble.IsOfRedis(error))
            {
                throw NotRead(error);
            }
        }
        _logger.Restored(hits, loading.Where(static task => task.IsCompletedSuccessfully).Sum(static task => task.Result));
        return begin;
    }

    private static StartException NotRead(Exception error) => new($"The journal in Redis can't be read: {RedisTrouble.Sentence(error)}", error);

    /// <summary>Loads a shard that could not be loaded before, after a while.</summary>
    private async Task BeginAgainAsync(RedisKeys.Shard shard)
    {
        await Task.Delay(Pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var first = Place(shard.Number) == default;
        await LoadAsync(shard);
        if (first) await ReplayAsync(shard);
    }

    /// <summary>Takes the counters of a shard as they are, to go on behind the entry that made them so.</summary>
    /// <returns>How many counters there are.</returns>
    private async Task<int> LoadAsync(RedisKeys.Shard shard)
    {
        var answer = (RedisResult[])(await Open.RunAsync(_link.Database, [shard.Meta], [shard.Prefix]))!;
        lock (_reading)
        {
            var (count, number, counted) = (0, (long)answer[0], new HashSet<string>());
            foreach (var known in answer.Skip(2).Select(site => (RedisResult[])site!))
            {
                var site = _sites.Restore((string)known[0]!);
                counted.Add(site.Domain);
                var days = (RedisResult[])known[2]!;
                var today = site.DayOf(_link.Clock.Now);
                var of = Enumerable.Range(0, 3).Where(i => (int)days[i * 2] == today)
                    .Select(i => Pairs(days[i * 2 + 1], shard, site)).FirstOrDefault() ?? [];
                var visits = Pairs(known[1], shard, site);
                // What Redis has lost must not stay here.
                Counters.Forget(site);
                foreach (var (country, all) in visits) Counters.Load(site, country, new VisitCounters.Cell(0, all, today, of.GetValueOrDefault(country)));
                _live.Reload(site, [.. visits.Select(pair => (pair.Key, pair.Value, of.GetValueOrDefault(pair.Key)))], today, number);
                count += visits.Count;
            }
            // Deleted with an entry that is behind the gap.
            foreach (var site in _sites.All.Where(site => _link.Keys.Of(site) == shard && !counted.Contains(site.Domain))) Forget(site.Domain);
            _places[shard.Number] = new StreamPlace((long)answer[1], number);
            return count;
        }
    }

    /// <summary>The counters of a hash. What is no counter is left out: it must not keep the others from being shown.</summary>
    private Dictionary<Country, long> Pairs(RedisResult flat, RedisKeys.Shard shard, Site site)
    {
        var (values, visits) = ((RedisValue[])flat!, new Dictionary<Country, long>());
        for (var i = 0; i + 1 < values.Length; i += 2)
        {
            if (RedisCounts.IsCounter(values[i], values[i + 1], out var country, out var count)) visits[country] = count;
            else
            {
                if (!_counterLogged) _logger.NoCounter(shard.Visits(site.Domain).ToString(), values[i].ToString());
                _counterLogged = true;
            }
        }
        return visits;
    }

    /// <summary>Folds the hits of the last half hour into the picture, up to where the counters are.</summary>
    private async Task<long> ReplayAsync(RedisKeys.Shard shard)
    {
        var (hits, last) = (0L, Place(shard.Number));
        if (last.Number == 0) return 0;
        var deleted = await RedisSiteRemoval.LatelyAsync(_link, shard);
        var (reads, place) = (new StreamReads(_link, _time), new StreamPlace(Math.Max(0, _link.Clock.Now - Replayed), 0));
        while (place.Time < last.Time || place.Number < last.Number)
        {
            foreach (var portion in await reads.ReadAsync(_ => place, number => number == shard.Number, Pause))
            {
                if (portion.Error is { } error) throw error;
                if (portion.Entries.Length == 0) return hits;
                lock (_reading)
                {
                    foreach (var entry in portion.Entries)
                    {
                        place = StreamPlace.Of(entry.Id);
                        if (LeavesOut(shard, entry)) continue;
                        if (place.Number > last.Number) return hits;
                        hits += Fold(entry, deleted);
                    }
                }
            }
        }
        return hits;
    }

    /// <summary>Nothing of a site is shown any more: it was deleted.</summary>
    private void Forget(string domain)
    {
        _salts.Forget(domain);
        if (!_sites.TryGet(domain, out var site)) return;
        Counters.Forget(site);
        _live.Forget(site);
    }

    /// <summary>Reads an entry for <see cref="Fold"/>, if it is one that a node wrote.</summary>
    private bool LeavesOut(RedisKeys.Shard shard, in StreamEntry entry)
    {
        _read.Clear();
        if (StreamHits.DeletedSite(entry) is not null) return false;
        try
        {
            if (StreamHits.TryRead(entry, _sites.Restore, _read)) return false;
        }
        catch (LaterBatchException error)
        {
            // The counters go on being right with the next start of this node.
            _logger.Defect(error);
            return false;
        }
        _metrics.ForeignEntry("live");
        if (!_foreignLogged) _logger.ForeignEntry(shard.Number, entry.Id.ToString());
        return _foreignLogged = true;
    }

    /// <param name="deleted">Where it is replayed: the entries up to which a site is deleted. Null for a new entry.</param>
    private int Fold(in StreamEntry entry, Dictionary<string, long>? deleted)
    {
        var (replayed, number) = (deleted is not null, StreamPlace.Of(entry.Id).Number);
        try
        {
            foreach (var (hit, opened, details) in _read)
            {
                if (deleted?.Count > 0 && number < deleted.GetValueOrDefault(hit.Site.Domain)) continue;
                _details.Write(details.Span);
                _hits.Add(hit);
                var visits = opened && !replayed ? Counters.Increment(hit.Site, hit.Country, hit.Site.DayOf(hit.Time)) : 0;
                _outcomes.Add(new Outcome(false, opened, hit.Country, visits));
            }
            Counters.Publish();
            _live.Fold(CollectionsMarshal.AsSpan(_hits), CollectionsMarshal.AsSpan(_outcomes), replayed, _details.WrittenSpan, number);
            return _hits.Count;
        }
        catch (FoldException error)
        {
            // The others are shown, and all are counted: the entry must not be read again.
            _logger.TellingFailed(error);
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
