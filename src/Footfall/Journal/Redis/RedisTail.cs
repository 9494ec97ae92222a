using System.Buffers;
using System.Runtime.InteropServices;
using Footfall.Live;
using Footfall.Words;
using MessagePack;
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

    /// <summary>The entries of a shard that are read at once: of up to 5,000 hits each.</summary>
    private const int AtOnce = 16;

    /// <summary>Half of what a live stream waits between two changes.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50), Pause = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromSeconds(3);

    private static readonly RedisScript Open = new("open.lua");

    private readonly RedisLink _link;
    private readonly Sites _sites;
    private readonly ILive _live;
    private readonly RedisSalts _salts;
    private readonly ILogger<RedisTail> _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _reading = new();
    private readonly StreamPlace[] _places;
    private readonly List<Hit> _hits = [];
    private readonly List<Outcome> _outcomes = [];
    private readonly ArrayBufferWriter<byte> _details = new();
    private Task _running = Task.CompletedTask;
    private long _read;

    /// <exception cref="StartException">Redis does not answer.</exception>
    public RedisTail(RedisLink link, Sites sites, ILive live, RedisSalts salts, ILogger<RedisTail> logger, TimeProvider time)
    {
        (_link, _sites, _live, _salts, _logger, _time) = (link, sites, live, salts, logger, time);
        _places = new StreamPlace[link.Keys.Shards.Count];
        try
        {
            var counters = link.Keys.Shards.Sum(shard => Load(shard, first: true));
            Begin = [.. _places];
            logger.Restored(link.Keys.Shards.Sum(Replay), counters);
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            throw new StartException($"The journal in Redis can't be read: {RedisTrouble.Sentence(error)}", error);
        }
        _read = time.GetTimestamp();
    }

    /// <summary>Where the streams were at the start: from there on every hit is one that the live picture counts.</summary>
    public IReadOnlyList<StreamPlace> Begin { get; }

    /// <summary>Visits as of what was read.</summary>
    public VisitCounters Counters { get; } = new();

    /// <summary>Whether the streams were read a moment ago.</summary>
    public bool Works => Trouble is null;

    /// <summary>Why the streams can't be read; null while they can.</summary>
    public string? Trouble { get; private set; }

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

    /// <summary>Reads what is new in all streams.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> ReadAsync()
    {
        var more = false;
        if (_link.IsCluster)
        {
            var all = _link.Keys.Shards.Select(shard => _link.Beside.StreamReadAsync(shard.Stream, Place(shard.Number).Id, AtOnce)).ToArray();
            foreach (var shard in _link.Keys.Shards) more |= Take(shard, await all[shard.Number]);
            return more;
        }
        // One command for all of them: they are on the same server.
        var positions = _link.Keys.Shards.Select(shard => new StreamPosition(shard.Stream, Place(shard.Number).Id)).ToArray();
        foreach (var stream in await _link.Beside.StreamReadAsync(positions, AtOnce))
            more |= Take(_link.Keys.Shards.First(shard => shard.Stream == stream.Key), stream.Entries);
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
                if (Trouble is not null) _logger.TailRecovered();
                Trouble = null;
                _read = _time.GetTimestamp();
            }
            catch (Exception error)
            {
                pause = Pause;
                if (!RedisTrouble.IsOfRedis(error) && Trouble is null) _logger.Defect(error);
                if (Trouble is null && _time.GetElapsedTime(_read) > Patience)
                {
                    Trouble = RedisTrouble.Sentence(error);
                    _logger.TailFailed(Trouble);
                }
            }
            if (pause > TimeSpan.Zero) await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool Take(RedisKeys.Shard shard, StreamEntry[] entries)
    {
        lock (_reading)
        {
            foreach (var entry in entries)
            {
                var place = StreamPlace.Of(entry.Id);
                var expected = _places[shard.Number].Number + 1;
                if (place.Number != expected)
                {
                    _logger.StreamGap(shard.Number, place.Number, expected);
                    Load(shard, first: false);
                    return true;
                }
                if (StreamHits.DeletedSite(entry) is { } deleted) Forget(deleted);
                else Fold(entry, null);
                _places[shard.Number] = place;
            }
        }
        return entries.Length == AtOnce;
    }

    /// <summary>Takes the counters of a shard as they are, and goes on behind the entry that made them so.</summary>
    /// <returns>How many counters there are.</returns>
    private int Load(RedisKeys.Shard shard, bool first)
    {
        var answer = (RedisResult[])Open.Run(_link.Database, [shard.Meta], [shard.Prefix])!;
        var (count, number, counted) = (0, (long)answer[0], new HashSet<string>());
        foreach (var known in answer.Skip(2).Select(site => (RedisResult[])site!))
        {
            var site = _sites.Restore((string)known[0]!);
            counted.Add(site.Domain);
            var days = (RedisResult[])known[2]!;
            var today = site.DayOf(_link.Clock.Now);
            var of = Enumerable.Range(0, 3).Where(i => (int)days[i * 2] == today).Select(i => Pairs(days[i * 2 + 1])).FirstOrDefault() ?? [];
            foreach (var (country, visits) in Pairs(known[1]))
            {
                var ofToday = of.GetValueOrDefault(country);
                Counters.Load(site, country, new VisitCounters.Cell(0, visits, today, ofToday));
                // The days of the picture are added to, so that they are brought in once.
                _live.Load(site, country, visits, first ? today : 0, first ? ofToday : 0, number);
                count++;
            }
        }
        // Deleted with an entry that is behind the gap.
        foreach (var site in first ? [] : _sites.All.Where(site => _link.Keys.Of(site) == shard && !counted.Contains(site.Domain))) Forget(site.Domain);
        _places[shard.Number] = new StreamPlace((long)answer[1], number);
        return count;
    }

    private static Dictionary<Country, long> Pairs(RedisResult flat)
    {
        var values = (RedisResult[])flat!;
        return Enumerable.Range(0, values.Length / 2).ToDictionary(i => Country.Stored((string)values[i * 2]!), i => (long)values[i * 2 + 1]);
    }

    /// <summary>Folds the hits of the last half hour into the picture, up to where the counters are.</summary>
    private long Replay(RedisKeys.Shard shard)
    {
        var (hits, last) = (0L, _places[shard.Number]);
        if (last.Number == 0) return 0;
        var deleted = RedisSiteRemoval.Lately(_link, shard);
        RedisValue from = Math.Max(0, _link.Clock.Now - Replayed);
        while (true)
        {
            var entries = _link.Beside.StreamRange(shard.Stream, from, last.Id, AtOnce);
            foreach (var entry in entries) hits += Fold(entry, deleted);
            if (entries.Length < AtOnce) return hits;
            from = "(" + entries[^1].Id;
        }
    }

    /// <summary>Nothing of a site is shown any more: it was deleted.</summary>
    private void Forget(string domain)
    {
        _salts.Forget(domain);
        if (!_sites.TryGet(domain, out var site)) return;
        Counters.Forget(site);
        _live.Forget(site);
    }

    /// <param name="deleted">Where it is replayed: the entries up to which a site is deleted. Null for a new entry.</param>
    private int Fold(in StreamEntry entry, Dictionary<string, long>? deleted)
    {
        var (replayed, number) = (deleted is not null, StreamPlace.Of(entry.Id).Number);
        try
        {
            StreamHits.Read(entry, _sites.Restore, (in hit, opened, details) =>
            {
                if (deleted?.Count > 0 && number < deleted.GetValueOrDefault(hit.Site.Domain)) return;
                _details.Write(details.Span);
                _hits.Add(hit);
                var visits = opened && !replayed ? Counters.Increment(hit.Site, hit.Country, hit.Site.DayOf(hit.Time)) : 0;
                _outcomes.Add(new Outcome(false, opened, hit.Country, visits));
            });
            Counters.Publish();
            _live.Fold(CollectionsMarshal.AsSpan(_hits), CollectionsMarshal.AsSpan(_outcomes), replayed, _details.WrittenSpan, number);
            return _hits.Count;
        }
        catch (MessagePackSerializationException error)
        {
            // Of a later version: the counters go on being right with the next start of this node.
            _logger.Defect(error);
            return 0;
        }
        finally
        {
            _hits.Clear();
            _outcomes.Clear();
            _details.ResetWrittenCount();
        }
    }
}
