using System.Globalization;
using System.Security.Cryptography;
using Footfall.Common;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The journal on Redis, for any number of nodes. A site belongs to one shard; the hits of a shard go to Redis in batches, each one script
/// call that does all of it or nothing. What is remembered (keys, open visits, counters) is in Redis alone: a node can go at any moment.
/// </summary>
internal sealed class RedisJournal : IJournal, IDisposable
{
    private readonly RedisConnectionManager _connections;
    private readonly StreamFollower _follower;
    private readonly CoalescedCounterReader _counterReader;
    private readonly DataDirectoryLock _directory;
    private readonly SubmissionPool _pool = new();
    private readonly ShardWriter[] _writers;
    private readonly CancellationTokenSource _shutdownSource;
    private readonly TimeSpan _shutdownTimeout;
    private readonly Lock _growLock = new();
    private int[] _shards = [];

    public RedisJournal(RedisConnectionManager connections, StreamFollower follower, CoalescedCounterReader counterReader,
        IOptions<FootfallOptions> options, JournalMetrics metrics, ILogger<RedisJournal> logger, TimeProvider time)
    {
        (_connections, _follower, _counterReader) = (connections, follower, counterReader);
        _shutdownTimeout = TimeSpan.FromSeconds(options.Value.ShutdownSeconds);
        _shutdownSource = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _directory = DataDirectoryLock.Acquire(options.Value.DataDirectory);
        // A new one at each start: the numbers of its batches begin at 1.
        var node = RandomNumberGenerator.GetHexString(16, lowercase: true);
        _writers = [.. connections.Keys.Shards.Select(shard =>
            new ShardWriter(connections, shard, ShardOf, node, options.Value, metrics, logger, time, _shutdownSource.Token))];
    }

    public bool IsReady => !_stopping && _follower.IsHealthy && _writers.Any(static writer => writer.IsHealthy);

    public int QueueLength => _writers.Sum(static writer => writer.QueueLength);

    /// <summary>As of what this node has read of the streams: what all nodes counted is read by <see cref="ReadCountersAsync"/>.</summary>
    public VisitCounters Counters => _follower.Counters;

    public string? Fault
    {
        get
        {
            var failing = _writers.Where(static writer => writer.Fault is not null).ToList();
            var written = failing.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture,
                $"{failing.Count} of {_writers.Length} shards can't be written: {failing[0].Fault}");
            return written is null || _follower.Fault is null ? written ?? _follower.Fault : $"{written} {_follower.Fault}";
        }
    }

    private bool _stopping, _shutdownScheduled;

    /// <summary>What to do instead of a command that works with files.</summary>
    public static string ExplainUnsupported(FileOperation operation) => operation switch
    {
        FileOperation.Backup =>
            "The journal is on Redis: back up the files of Redis (its append-only file and snapshots). This node itself "
            + "has history.duckdb and positions.db: stop it, and copy both.",
        FileOperation.Restore => "The journal is on Redis, but a backup of Footfall has the file of another journal: restore the files of "
            + "Redis instead. Restore history.duckdb together with the positions.db that was copied with it, while the node is stopped.",
        FileOperation.AcceptJournal => "The journal is on Redis, and continues with what Redis has: there is nothing to accept.",
        _ => "The journal is on Redis, and a history rebuilt from exports would not know where to continue in it. Stop the node and "
            + "delete history.duckdb and positions.db: the node then rebuilds its history from what Redis still has.",
    };

    public string? GetUnsupportedReason(FileOperation operation) => ExplainUnsupported(operation);

    public ValueTask<SiteCounters?> ReadCountersAsync(Site site) => _counterReader.ReadAsync(site);

    public ValueTask<Site?> FindSiteAsync(string domain) => _counterReader.FindAsync(domain);

    public Submission Rent(bool inline = false) => _pool.Rent(inline);

    public ValueTask<RejectReason> AppendAsync(Submission submission)
    {
        var shard = FindSingleShard(submission);
        if (shard < 0) return AppendToShardsAsync(submission);
        var reason = _writers[shard].Enqueue(new ShardPart(submission, submission.Count, null));
        return reason == RejectReason.None ? submission.WaitAsync() : new(reason);
    }

    public IReadOnlyList<ImportCheckpoint> ReadCheckpoints(string source)
    {
        var shard = _connections.Keys.Shards[_connections.Keys.ShardOf(source[(source.IndexOf(' ') + 1)..])];
        return [.. Read(redis => redis.HashGetAll(shard.Imports(source))).Select(field => ParseCheckpoint(source, field))];
    }

    public IReadOnlySet<Guid> FindImported(IReadOnlyCollection<Guid> ids)
    {
        var found = new HashSet<Guid>();
        if (ids.Count == 0) return found;
        // The shards of sites: an id alone does not identify its site.
        var fields = ids.Select(id => (RedisValue)id.ToByteArray()).ToArray();
        var all = ids.ToArray();
        foreach (var shard in _connections.Keys.Shards)
        {
            var values = Read(redis => redis.HashGet(shard.Imported, fields));
            for (var i = 0; i < values.Length; i++)
                if (!values[i].IsNull) found.Add(all[i]);
        }
        return found;
    }

    /// <summary>
    /// The program stops, and has so much time for it: hits that then still wait for an unresponsive Redis are rejected, early enough for
    /// the response to be sent. Until then hits are accepted.
    /// </summary>
    public void StopWithin(TimeSpan timeLeft)
    {
        _shutdownScheduled = true;
        _shutdownSource.CancelAfter(timeLeft - TimeSpan.FromSeconds(Math.Min(1, _shutdownTimeout.TotalSeconds / 4)));
    }

    /// <summary>Writes what waits. Later submissions are rejected.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        if (!_shutdownScheduled) StopWithin(_shutdownTimeout);
        Task.WaitAll([.. _writers.Select(static writer => writer.StopAsync())]);
        _shutdownSource.Dispose();
        _directory.Dispose();
    }

    private static ImportCheckpoint ParseCheckpoint(string source, HashEntry field)
    {
        var parts = field.Value.ToString().Split(' ');
        return new ImportCheckpoint(source, Guid.Parse(field.Name.ToString()), long.Parse(parts[0], CultureInfo.InvariantCulture),
            Convert.FromHexString(parts[1]));
    }

    private T Read<T>(Func<IDatabase, T> read)
    {
        try
        {
            return read(_connections.Database);
        }
        catch (Exception error) when (RedisFault.IsRedisError(error))
        {
            throw RedisFault.CreateReadException(error);
        }
    }

    /// <summary>The shard of all hits of a submission; -1 where there are several.</summary>
    private int FindSingleShard(Submission submission)
    {
        var hits = submission.Hits;
        if (hits.IsEmpty) return submission.Checkpoint is { } checkpoint
            ? _connections.Keys.ShardOf(checkpoint.Source[(checkpoint.Source.IndexOf(' ') + 1)..]) : 0;
        var first = hits[0].Site;
        var shard = ShardOf(first);
        foreach (ref readonly var hit in hits)
            if (hit.Site != first && ShardOf(hit.Site) != shard) return -1;
        return shard;
    }

    private ValueTask<RejectReason> AppendToShardsAsync(Submission submission)
    {
        var hits = new int[_writers.Length];
        foreach (ref readonly var hit in submission.Hits) hits[ShardOf(hit.Site)]++;
        // Where one of the shards has no room, the others need not count their part.
        for (var shard = 0; shard < hits.Length; shard++)
            if (hits[shard] > 0 && _writers[shard].PeekRejectReason(submission, hits[shard]) is var rejectReason and not RejectReason.None)
                return new(rejectReason);
        var multiShard = new MultiShardSubmission(submission, hits.Count(static count => count > 0));
        var reason = RejectReason.None;
        for (var shard = 0; shard < hits.Length; shard++)
        {
            if (hits[shard] == 0) continue;
            var part = new ShardPart(submission, hits[shard], multiShard);
            if (reason == RejectReason.None) reason = _writers[shard].Enqueue(part);
            if (reason != RejectReason.None) part.Complete(reason);
        }
        return submission.WaitAsync();
    }

    private int ShardOf(Site site)
    {
        var shards = Volatile.Read(ref _shards);
        if (site.Index < shards.Length && shards[site.Index] is > 0 and var known) return known - 1;
        lock (_growLock)
        {
            if (site.Index >= _shards.Length)
            {
                var larger = new int[Math.Max(16, Math.Max(site.Index + 1, _shards.Length * 2))];
                _shards.CopyTo(larger, 0);
                Volatile.Write(ref _shards, larger);
            }
            // One more than the shard: 0 is a site that was not requested yet.
            return (_shards[site.Index] = _connections.Keys.ShardOf(site.Domain) + 1) - 1;
        }
    }
}
