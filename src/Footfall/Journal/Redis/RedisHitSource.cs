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
    /// <summary>The entries of a shard that are read at once.</summary>
    private const int AtOnce = 16;

    private readonly Lock _lock = new();
    private readonly RedisLink _link;
    private readonly RedisTail _tail;
    private readonly Sites _sites;
    private readonly ILogger<RedisHitSource> _logger;
    private readonly StreamPositions? _positions;
    private readonly long _begin;
    private volatile Known _read;
    private volatile StreamPlace[]? _projected;

    /// <summary>What a position means in the streams.</summary>
    private sealed record Known(long Position, StreamPlace[] Places);

    /// <param name="journal">Needed before the file: it owns the data directory.</param>
    public RedisHitSource(RedisLink link, RedisTail tail, RedisJournal journal, Sites sites, IOptions<FootfallOptions> options, ILogger<RedisHitSource> logger)
    {
        _ = journal;
        (_link, _tail, _sites, _logger) = (link, tail, sites, logger);
        _read = new Known(0, new StreamPlace[link.Keys.Shards.Count]);
        if (!options.Value.History.Enabled) return;
        _positions = new StreamPositions(options.Value.DataDirectory, link.Identity);
        if (_positions.Newest is { } newest) _read = new Known(newest.Position, newest.Places);
        _projected = _read.Places;
        _begin = Behind(tail.Begin);
    }

    public Guid Identity => _link.Identity;

    /// <summary>The name by which this history is registered, and what it has for good; null for a node without one.</summary>
    public (string Node, StreamPlace[] Places)? Reader => _positions is { } positions && _projected is { } places ? (positions.Node, places) : null;

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
            var next = Entries(places, null, 1).Select(static (entries, shard) => (entries, shard)).Where(static pair => pair.entries.Length > 0)
                .Select(static pair => (Place: StreamPlace.Of(pair.entries[0].Id), pair.shard)).ToList();
            if (next.Count == 0) return null;
            var (oldest, shard) = next.MinBy(static pair => pair.Place.Time);
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
        var limit = places.Select((place, shard) => place.Number < _tail.Begin[shard].Number).Any(static before => before) ? _tail.Begin : null;
        while (left > 0)
        {
            var found = false;
            foreach (var (entries, shard) in Entries(places, limit, AtOnce).Select(static (entries, shard) => (entries, shard)))
            {
                foreach (var entry in entries)
                {
                    if (left <= 0) break;
                    found = true;
                    var place = StreamPlace.Of(entry.Id);
                    position += Distance(shard, places[shard], place);
                    places[shard] = place;
                    var batch = new HitBatch(position, place.Time);
                    left -= (long)entry["count"];
                    StreamHits.Read(entry, _sites.Restore, (in hit, opened, details) => receive(batch, hit, opened, details));
                    last = batch;
                    if (StreamHits.DeletedSite(entry) is not { } deleted) continue;
                    // What follows of the site is new, and must not be in the history when the rest of it is deleted.
                    _positions!.Delete(deleted);
                    left = 0;
                }
            }
            if (found) continue;
            if (limit is null) break;
            limit = null;
        }
        if (last is null) return null;
        _positions!.Save(after, position, places);
        _read = new Known(position, places);
        return last;
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

    /// <summary>The next entries of each stream.</summary>
    private StreamEntry[][] Entries(StreamPlace[] places, IReadOnlyList<StreamPlace>? limit, int count)
    {
        try
        {
            var all = _link.Keys.Shards.Select((shard, i) => limit is not null && limit[i].Number <= places[i].Number
                ? Task.FromResult<StreamEntry[]>([])
                : _link.Beside.StreamRangeAsync(shard.Stream, "(" + places[i].Id, limit is null ? "+" : limit[i].Id, count)).ToArray();
            return Task.WhenAll(all).GetAwaiter().GetResult();
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            throw RedisTrouble.NotRead(error);
        }
    }
}
