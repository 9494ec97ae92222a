using Footfall.Common;
using Footfall.History;
using MessagePack;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The streams as the history of this node reads them: one after the other in steps, from where it stopped. A position is the number of
/// entries of all shards up to there, so that it shows how far the history is behind; <see cref="StreamOffsetStore"/> maps it to offsets of
/// the streams.
/// </summary>
internal sealed class RedisHitSource : IHitSource, IDisposable
{
    /// <summary>How long a step waits for a reply. A later reply is used by the next step.</summary>
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(1), ReplyTimeout = TimeSpan.FromSeconds(20);

    private static readonly RedisScript NextScript = new("next.lua");

    private readonly Lock _lock = new();
    private readonly StreamFetcher _fetcher;
    private readonly (StreamOffset After, StreamOffset Next)[] _nextOffsets;
    private readonly RedisConnectionManager _connections;
    private readonly StreamFollower _follower;
    private readonly SiteRegistry _sites;
    private readonly ILogger<RedisHitSource> _logger;
    private readonly StreamOffsetStore? _offsetStore;
    private readonly long _startPosition;
    private volatile ReadState _read;
    private readonly Exception?[] _errors;
    private readonly List<StreamHit> _hits = [];
    private readonly RedisMetrics _metrics;
    private bool _foreignLogged;
    private volatile StreamOffset[]? _projected;

    /// <summary>Maps positions to offsets of the streams.</summary>
    private sealed record ReadState(long Position, StreamOffset[] Offsets);

    /// <param name="journal">Needed before the file, since it owns the data directory.</param>
    public RedisHitSource(
        RedisConnectionManager connections, StreamFollower follower, RedisJournal journal, SiteRegistry sites,
        IOptions<FootfallOptions> options, RedisMetrics metrics,
        ILogger<RedisHitSource> logger, TimeProvider time)
    {
        _ = journal;
        (_connections, _follower, _sites, _metrics, _logger) = (connections, follower, sites, metrics, logger);
        _read = new ReadState(0, new StreamOffset[connections.Keys.Shards.Count]);
        (_fetcher, _nextOffsets, _errors) = (new StreamFetcher(connections, time),
            new (StreamOffset, StreamOffset)[connections.Keys.Shards.Count], new Exception?[connections.Keys.Shards.Count]);
        if (!options.Value.History.Enabled) return;
        _offsetStore = new StreamOffsetStore(options.Value.DataDirectory, connections.Identity);
        if (_offsetStore.Newest is { } newest) _read = new ReadState(newest.Position, newest.Places);
        _projected = _read.Offsets;
        _startPosition = GetPosition(follower.StartOffsets);
    }

    public Guid Identity => _connections.Identity;

    /// <summary>The registered name of this history and its durable offsets; null for a node without a history.</summary>
    public (string Node, StreamOffset[] Places)? Registration =>
        _offsetStore is { } positions && _projected is { } offsets ? (positions.Node, offsets) : null;

    /// <inheritdoc cref="StreamOffsetStore.RenameNode"/>
    public void RenameNode() => _offsetStore?.RenameNode();

    public long LastPosition
    {
        get
        {
            if (_offsetStore is null) return 0;
            // Until the follower runs, the end is where the live state starts to count: earlier counts come from the history.
            if (!_follower.IsStarted) return _startPosition;
            return GetPosition([.. _connections.Keys.Shards.Select(shard => _follower.GetOffset(shard.Number))]);
        }
    }

    /// <summary>
    /// The sites whose deletion entry the history has reached. It deletes them before it continues; after a crash it reaches the same entry
    /// again.
    /// </summary>
    public IReadOnlyList<string> DeletedSites => _offsetStore?.PendingDeletions ?? [];

    public HitBatch? NextAfter(long position)
    {
        if (!_follower.IsHealthy) return null;
        try
        {
            var offsets = FindOffsets(position);
            // Unknown for a shard that can't be read.
            var next = Task.WhenAll(_connections.Keys.Shards.Select(shard => NextOffsetAsync(shard, offsets[shard.Number]))).GetAwaiter()
                .GetResult().Select(static (next, shard) => (next, shard))
                .Where(pair => pair.next.Sequence > offsets[pair.shard].Sequence).ToList();
            if (next.Count == 0) return null;
            var (oldest, shard) = next.MinBy(static pair => pair.next.Time);
            // More than one if entries are missing from the stream.
            return new HitBatch(position + Math.Max(1, oldest.Sequence - offsets[shard].Sequence), oldest.Time);
        }
        catch (IOException)
        {
            // The next step reports it.
            return null;
        }
    }

    public HitBatch? Read(long after, int hits, HitHandler receive)
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

    public void MarkProjected(long position)
    {
        if (_read is var read && read.Position == position) _projected = read.Offsets;
    }

    public void MarkDeleted(string domain) => _offsetStore?.RemoveDeletion(domain);

    public void Dispose() => _offsetStore?.Dispose();

    private long GetPosition(IReadOnlyList<StreamOffset> end)
    {
        var read = _read;
        return read.Position + read.Offsets.Select((offset, shard) => Math.Max(0, end[shard].Sequence - offset.Sequence)).Sum();
    }

    private HitBatch? ReadEntries(long after, int hits, HitHandler receive)
    {
        var offsets = (StreamOffset[])FindOffsets(after).Clone();
        HitBatch? last = null;
        var (position, remaining) = (after, (long)hits);
        // First all streams up to where the live state begins, so that a position separates the part of today from the history from the
        // part that the live state counts itself.
        var reached = new HashSet<int>();
        var limit = IsReached(offsets, _follower.StartOffsets, reached) ? null : _follower.StartOffsets;
        while (remaining > 0)
        {
            var (found, batches) = (false, Fetch(offsets, limit, reached));
            foreach (var fetched in batches)
            {
                var (shard, any) = (fetched.Shard.Number, false);
                foreach (var entry in fetched.Entries)
                {
                    var offset = StreamOffset.Parse(entry.Id);
                    if (StreamEntryReader.ReadDeletedSite(entry) is null && !StreamEntryReader.TryRead(entry, _sites.GetOrAddStored, _hits))
                    {
                        (found, any) = (true, true);
                        offsets[shard] = offsets[shard].AfterForeign(offset);
                        SkipForeign(shard, entry);
                        continue;
                    }
                    if (remaining <= 0 || limit is not null && offset.Sequence > limit[shard].Sequence) break;
                    (found, any) = (true, true);
                    position += CountEntries(shard, offsets[shard], offset);
                    offsets[shard] = offset;
                    var batch = new HitBatch(position, offset.Time);
                    last = batch;
                    if (StreamEntryReader.ReadDeletedSite(entry) is not { } deleted)
                    {
                        remaining -= Math.Max((long)entry["count"], entry["hits"].Length() / IHitSource.BytesPerHit);
                        foreach (var (hit, opened, details) in _hits) receive(batch, hit, opened, details);
                        continue;
                    }
                    // Later hits of the site are new and must not be in the history when its old data is deleted.
                    _offsetStore!.AddDeletion(deleted);
                    remaining = 0;
                }
                // Also if the entries before the limit are missing from the stream.
                if (limit is not null && fetched.Error is null && remaining > 0 && !any) reached.Add(shard);
            }
            if (limit is not null && IsReached(offsets, limit, reached)) limit = null;
            // The entries of a shard that does not respond now come with a later step.
            else if (!found && !batches.Any(fetched => fetched.HasMore || limit is not null && reached.Contains(fetched.Shard.Number)))
                break;
        }
        if (last is null)
        {
            // Skipped entries are not read again while this process runs.
            _read = new ReadState(after, offsets);
            return null;
        }
        _offsetStore!.Save(after, position, offsets);
        _read = new ReadState(position, offsets);
        return last;
    }

    private void SkipForeign(int shard, in StreamEntry entry)
    {
        _metrics.RecordForeignEntry("history");
        if (!_foreignLogged) _logger.ForeignEntry(shard, entry.Id.ToString());
        _foreignLogged = true;
    }

    private long CountEntries(int shard, StreamOffset cached, StreamOffset found)
    {
        if (found.Sequence > cached.Sequence) return found.Sequence - cached.Sequence;
        _logger.StreamDataLost(shard, found.Sequence, cached.Sequence);
        return 1;
    }

    private StreamOffset[] FindOffsets(long position)
    {
        if (_read is var read && read.Position == position) return read.Offsets;
        if (_offsetStore?.Find(position) is { } offsets) return offsets;
        if (position == 0) return new StreamOffset[_connections.Keys.Shards.Count];
        throw new IOException($"{StreamOffsetStore.FileName} does not have position {position} of the history, so the history can't "
            + $"continue. Restore both from the same backup, or delete {StreamOffsetStore.FileName} and the history: it is then rebuilt "
            + $"from what Redis still has.");
    }

    private static bool IsReached(StreamOffset[] offsets, IReadOnlyList<StreamOffset> limit, HashSet<int> reached) =>
        !offsets.Where((offset, shard) => offset.Sequence < limit[shard].Sequence && !reached.Contains(shard)).Any();

    /// <summary>The next entries of the streams that respond.</summary>
    /// <exception cref="IOException">No stream responds.</exception>
    private List<FetchedEntries> Fetch(StreamOffset[] offsets, IReadOnlyList<StreamOffset>? limit, HashSet<int> reached)
    {
        bool IsWanted(int shard) => limit is null || offsets[shard].Sequence < limit[shard].Sequence && !reached.Contains(shard);
        var batches = _fetcher.FetchAsync(shard => offsets[shard], IsWanted, FetchTimeout).GetAwaiter().GetResult();
        foreach (var fetched in batches)
            if (fetched.Error is { } error && !RedisFault.IsRedisError(error)) throw error;
        foreach (var fetched in batches) _errors[fetched.Shard.Number] = fetched.Error;
        if (batches.Count > 0 && batches.Any(static fetched => fetched.Error is null)) return batches;
        if (_errors.All(static error => error is not null)) throw RedisFault.CreateReadException(_errors[0]!);
        if (_connections.Keys.Shards.All(shard => _fetcher.GetPendingTime(shard.Number) > ReplyTimeout))
            throw RedisFault.CreateReadException(new TimeoutException());
        return batches;
    }

    /// <summary>
    /// The first entry after an offset. It stays the first until the history has taken it, and is requested once; only its id, since it may
    /// have many megabytes.
    /// </summary>
    /// <returns>The same offset if there is none, or if it is unknown.</returns>
    private async Task<StreamOffset> NextOffsetAsync(RedisKeys.Shard shard, StreamOffset offset)
    {
        if (_nextOffsets[shard.Number] is var cached && cached.After == offset && cached.Next.Sequence > offset.Sequence)
            return cached.Next;
        if (_follower.IsStarted && _follower.GetOffset(shard.Number).Sequence == offset.Sequence) return offset;
        try
        {
            if ((string?)await NextScript.RunAsync(_connections.Auxiliary, [shard.Stream], ["(" + offset.EntryId]) is not { } id)
                return offset;
            _nextOffsets[shard.Number] = (offset, StreamOffset.Parse(id));
            return StreamOffset.Parse(id);
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            return offset;
        }
    }
}
