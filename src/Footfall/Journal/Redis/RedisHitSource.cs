using Footfall.History;
using Footfall.Words;
using MessagePack;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The streams as the history of this node reads them: one after the other in steps, from the place where it stopped. A position is how many entries of all shards lie up to there, so that it says
/// how far the history is behind; what it means in each stream is in <see cref="StreamPositions"/>.
/// </summary>
internal sealed class RedisHitSource : IHitSource, IDisposable
{
    /// <summary>How long a step waits for an answer. What comes later is there for the next step.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Late = TimeSpan.FromSeconds(20);

    private static readonly RedisScript Next = new("next.lua");

    private readonly Lock _lock = new();
    private readonly StreamReads _reads;
    private readonly (StreamPlace After, StreamPlace Next)[] _next;
    private readonly RedisLink _link;
    private readonly RedisTail _tail;
    private readonly Sites _sites;
    private readonly ILogger<RedisHitSource> _logger;
    private readonly StreamPositions? _positions;
    private readonly long _begin;
    private volatile Known _read;
    private readonly Exception?[] _errors;
    private readonly List<StreamHit> _hits = [];
    private readonly RedisMetrics _metrics;
    private bool _foreignLogged;
    private volatile StreamPlace[]? _projected;

    /// <summary>What a position means in the streams.</summary>
    private sealed record Known(long Position, StreamPlace[] Places);

    /// <param name="journal">Needed before the file: it owns the data directory.</param>
    public RedisHitSource(
        RedisLink link, RedisTail tail, RedisJournal journal, Sites sites, IOptions<FootfallOptions> options, RedisMetrics metrics,
        ILogger<RedisHitSource> logger, TimeProvider time)
    {
        _ = journal;
        (_link, _tail, _sites, _metrics, _logger) = (link, tail, sites, metrics, logger);
        _read = new Known(0, new StreamPlace[link.Keys.Shards.Count]);
        (_reads, _next, _errors) = (new StreamReads(link, time), new (StreamPlace, StreamPlace)[link.Keys.Shards.Count], new Exception?[link.Keys.Shards.Count]);
        if (!options.Value.History.Enabled) return;
        _positions = new StreamPositions(options.Value.DataDirectory, link.Identity);
        if (_positions.Newest is { } newest) _read = new Known(newest.Position, newest.Places);
        _projected = _read.Places;
        _begin = Behind(tail.Begin);
    }

    public Guid Identity => _link.Identity;

    /// <summary>The name by which this history is registered, and what it has for good; null for a node without one.</summary>
    public (string Node, StreamPlace[] Places)? Reader => _positions is { } positions && _projected is { } places ? (positions.Node, places) : null;

    /// <inheritdoc cref="StreamPositions.Rename"/>
    public void Rename() => _positions?.Rename();

    public long LastPosition
    {
        get
        {
            if (_positions is null) return 0;
            // Until the tail follows, the end is where the live picture begins to count: the figures before it come from the history.
            if (!_tail.Started) return _begin;
            return Behind([.. _link.Keys.Shards.Select(shard => _tail.Place(shard.Number))]);
        }
    }

    /// <summary>Those whose entry the history has reached. It deletes them before it goes on; where a crash comes between, it comes to the same entry again.</summary>
    public IReadOnlyList<string> DeletedSites => _positions?.Deletions ?? [];

    public HitBatch? NextAfter(long position)
    {
        if (!_tail.Works) return null;
        try
        {
            var places = PlacesOf(position);
            // Of a shard that can't be read it is not known.
            var next = Task.WhenAll(_link.Keys.Shards.Select(shard => NextOfAsync(shard, places[shard.Number]))).GetAwaiter().GetResult().Select(static (next, shard) => (next, shard))
                .Where(pair => pair.next.Number > places[pair.shard].Number).ToList();
            if (next.Count == 0) return null;
            var (oldest, shard) = next.MinBy(static pair => pair.next.Time);
            // More than one where entries are gone from the stream.
            return new HitBatch(position + Math.Max(1, oldest.Number - places[shard].Number), oldest.Time);
        }
        catch (IOException)
        {
            // Whoever asks is told so by the next step.
            return null;
        }
    }

    public HitBatch? Read(long after, int hits, HitReceiver receive)
    {
        lock (_lock)
        {
            try
            {
                return ReadEntries(after, hits, receive);
            }
            catch (Exception error) when (error is MessagePackSerializationException or SqliteException)
            {
                throw new IOException($"The journal can't be read: {error.Message}", error);
            }
        }
    }

    public void Projected(long position)
    {
        if (_read is var read && read.Position == position) _projected = read.Places;
    }

    public void Deleted(string domain) => _positions?.Deleted(domain);

    public void Dispose() => _positions?.Dispose();

    private long Behind(IReadOnlyList<StreamPlace> end)
    {
        var read = _read;
        return read.Position + read.Places.Select((place, shard) => Math.Max(0, end[shard].Number - place.Number)).Sum();
    }

    private HitBatch? ReadEntries(long after, int hits, HitReceiver receive)
    {
        var places = (StreamPlace[])PlacesOf(after).Clone();
        HitBatch? last = null;
        var (position, left) = (after, (long)hits);
        // First all streams up to where the live picture begins, so that a position divides what the history tells of today from what the picture counts itself.
        var reached = new HashSet<int>();
        var limit = IsReached(places, _tail.Begin, reached) ? null : _tail.Begin;
        while (left > 0)
        {
            var (found, portions) = (false, Portions(places, limit, reached));
            foreach (var portion in portions)
            {
                var (shard, any) = (portion.Shard.Number, false);
                foreach (var entry in portion.Entries)
                {
                    var place = StreamPlace.Of(entry.Id);
                    if (StreamHits.DeletedSite(entry) is null && !StreamHits.TryRead(entry, _sites.Restore, _hits))
                    {
                        (found, any) = (true, true);
                        places[shard] = places[shard].Past(place);
                        LeaveOut(shard, entry);
                        continue;
                    }
                    if (left <= 0 || limit is not null && place.Number > limit[shard].Number) break;
                    (found, any) = (true, true);
                    position += Distance(shard, places[shard], place);
                    places[shard] = place;
                    var batch = new HitBatch(position, place.Time);
                    last = batch;
                    if (StreamHits.DeletedSite(entry) is not { } deleted)
                    {
                        left -= Math.Max((long)entry["count"], entry["hits"].Length() / IHitSource.BytesOfHit);
                        foreach (var (hit, opened, details) in _hits) receive(batch, hit, opened, details);
                        continue;
                    }
                    // What follows of the site is new, and must not be in the history when the rest of it is deleted.
                    _positions!.Delete(deleted);
                    left = 0;
                }
                // Also where what was before the limit is gone from the stream.
                if (limit is not null && portion.Error is null && left > 0 && !any) reached.Add(shard);
            }
            if (limit is not null && IsReached(places, limit, reached)) limit = null;
            // What a shard has that does not answer now comes with a later step.
            else if (!found && !portions.Any(portion => portion.Full || limit is not null && reached.Contains(portion.Shard.Number))) break;
        }
        if (last is null)
        {
            // What was left out is not read again, as long as this process runs.
            _read = new Known(after, places);
            return null;
        }
        _positions!.Save(after, position, places);
        _read = new Known(position, places);
        return last;
    }

    private void LeaveOut(int shard, in StreamEntry entry)
    {
        _metrics.ForeignEntry("history");
        if (!_foreignLogged) _logger.ForeignEntry(shard, entry.Id.ToString());
        _foreignLogged = true;
    }

    private long Distance(int shard, StreamPlace known, StreamPlace found)
    {
        if (found.Number > known.Number) return found.Number - known.Number;
        _logger.StreamLost(shard, found.Number, known.Number);
        return 1;
    }

    private StreamPlace[] PlacesOf(long position)
    {
        if (_read is var read && read.Position == position) return read.Places;
        if (_positions?.Find(position) is { } places) return places;
        if (position == 0) return new StreamPlace[_link.Keys.Shards.Count];
        throw new IOException($"{StreamPositions.FileName} does not know position {position} of the history, so that it can't go on. Put both back from the same backup, or delete {StreamPositions.FileName} and the history: it is then made anew of what Redis still has.");
    }

    private static bool IsReached(StreamPlace[] places, IReadOnlyList<StreamPlace> limit, HashSet<int> reached) =>
        !places.Where((place, shard) => place.Number < limit[shard].Number && !reached.Contains(shard)).Any();

    /// <summary>The next entries of the streams that answer.</summary>
    /// <exception cref="IOException">None of them does.</exception>
    private List<StreamPortion> Portions(StreamPlace[] places, IReadOnlyList<StreamPlace>? limit, HashSet<int> reached)
    {
        bool IsWanted(int shard) => limit is null || places[shard].Number < limit[shard].Number && !reached.Contains(shard);
        var portions = _reads.ReadAsync(shard => places[shard], IsWanted, Patience).GetAwaiter().GetResult();
        foreach (var portion in portions)
            if (portion.Error is { } error && !RedisTrouble.IsOfRedis(error)) throw error;
        foreach (var portion in portions) _errors[portion.Shard.Number] = portion.Error;
        if (portions.Count > 0 && portions.Any(static portion => portion.Error is null)) return portions;
        if (_errors.All(static error => error is not null)) throw RedisTrouble.NotRead(_errors[0]!);
        if (_link.Keys.Shards.All(shard => _reads.Waits(shard.Number) > Late)) throw RedisTrouble.NotRead(new TimeoutException());
        return portions;
    }

    /// <summary>The first entry behind a place. It stays the first until the history has taken it, and is asked for once; only its place, since it may be of many megabytes.</summary>
    /// <returns>The same place where there is none, or where it is not known.</returns>
    private async Task<StreamPlace> NextOfAsync(RedisKeys.Shard shard, StreamPlace place)
    {
        if (_next[shard.Number] is var known && known.After == place && known.Next.Number > place.Number) return known.Next;
        if (_tail.Started && _tail.Place(shard.Number).Number == place.Number) return place;
        try
        {
            if ((string?)await Next.RunAsync(_link.Beside, [shard.Stream], ["(" + place.Id]) is not { } id) return place;
            _next[shard.Number] = (place, StreamPlace.Of(id));
            return StreamPlace.Of(id);
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            return place;
        }
    }
}
