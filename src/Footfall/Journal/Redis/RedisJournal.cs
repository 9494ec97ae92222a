using System.Globalization;
using System.Security.Cryptography;
using Footfall.Words;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Footfall.Journal.Redis;

/// <summary>
/// The journal on Redis, for any number of nodes. A site belongs to one shard; the hits of a shard go to Redis in batches, each one script call that does all of it or nothing.
/// What is remembered (keys, open visits, counters) is in Redis alone: a node can go at any moment.
/// </summary>
internal sealed class RedisJournal : IJournal, IDisposable
{
    private readonly RedisLink _link;
    private readonly RedisTail _tail;
    private readonly RedisCounts _counts;
    private readonly DataDirectoryLock _directory;
    private readonly SubmissionPool _pool = new();
    private readonly ShardWriter[] _writers;
    private readonly CancellationTokenSource _end;
    private readonly TimeSpan _shutdown;
    private readonly Lock _growing = new();
    private int[] _shards = [];

    /// <param name="directory">Null for a journal without a data directory of its own.</param>
    public RedisJournal(RedisLink link, RedisTail tail, RedisCounts counts, IOptions<FootfallOptions> options, JournalMetrics metrics, ILogger<RedisJournal> logger, TimeProvider time)
    {
        (_link, _tail, _counts) = (link, tail, counts);
        _shutdown = TimeSpan.FromSeconds(options.Value.ShutdownSeconds);
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _directory = DataDirectoryLock.Acquire(options.Value.DataDirectory);
        // A new one at each start: the numbers of its batches begin at 1.
        var node = RandomNumberGenerator.GetHexString(16, lowercase: true);
        _writers = [.. link.Keys.Shards.Select(shard => new ShardWriter(link, shard, ShardOf, node, options.Value, metrics, logger, time, _end.Token))];
    }

    public bool Ready => !_stopping && _tail.Works && _writers.Any(static writer => writer.Healthy);

    public int QueueLength => _writers.Sum(static writer => writer.QueueLength);

    /// <summary>As of what this node has read of the streams: what all nodes counted is read by <see cref="CountersAsync"/>.</summary>
    public VisitCounters Counters => _tail.Counters;

    public string? Trouble
    {
        get
        {
            var failing = _writers.Where(static writer => writer.Trouble is not null).ToList();
            var written = failing.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{failing.Count} of {_writers.Length} shards can't be written: {failing[0].Trouble}");
            return written is null || _tail.Trouble is null ? written ?? _tail.Trouble : $"{written} {_tail.Trouble}";
        }
    }

    private bool _stopping, _ending;

    /// <summary>What to do instead of a command that works with files.</summary>
    public static string Instead(FileWork work) => work switch
    {
        FileWork.Backup => "The journal is on Redis: back up Redis' own files (its append-only file and snapshots). What this node itself has are history.duckdb and positions.db: stop it, and copy both.",
        FileWork.Restore => "The journal is on Redis, and a backup of Footfall has the file of another journal: put Redis' own files back. A history.duckdb goes back together with the positions.db that was copied with it, while the node is stopped.",
        FileWork.AcceptJournal => "The journal is on Redis, and goes on with what Redis has: there is nothing to accept.",
        _ => "The journal is on Redis, and a history made of exports would not know where to go on in it. Stop the node and delete history.duckdb and positions.db: it makes its history anew of what Redis still has.",
    };

    public string? WhyNot(FileWork work) => Instead(work);

    public ValueTask<SiteCounters?> CountersAsync(Site site) => _counts.ReadAsync(site);

    public ValueTask<Site?> FindSiteAsync(string domain) => _counts.FindAsync(domain);

    public Submission Rent(bool quick = false) => _pool.Rent(quick);

    public ValueTask<RejectReason> AppendAsync(Submission submission)
    {
        var shard = OnlyShard(submission);
        if (shard < 0) return AppendDividedAsync(submission);
        var refused = _writers[shard].Enqueue(new ShardPart(submission, submission.Count, null));
        return refused == RejectReason.None ? submission.WaitAsync() : new(refused);
    }

    public IReadOnlyList<ImportCheckpoint> Checkpoints(string source)
    {
        var shard = _link.Keys.Shards[_link.Keys.ShardOf(source[(source.IndexOf(' ') + 1)..])];
        return [.. Read(redis => redis.HashGetAll(shard.Imports(source))).Select(field => Checkpoint(source, field))];
    }

    public IReadOnlySet<Guid> FindImported(IReadOnlyCollection<Guid> ids)
    {
        var found = new HashSet<Guid>();
        if (ids.Count == 0) return found;
        // The shards of sites: an id alone does not tell its site.
        var fields = ids.Select(id => (RedisValue)id.ToByteArray()).ToArray();
        var all = ids.ToArray();
        foreach (var shard in _link.Keys.Shards)
        {
            var values = Read(redis => redis.HashGet(shard.Imported, fields));
            for (var i = 0; i < values.Length; i++)
                if (!values[i].IsNull) found.Add(all[i]);
        }
        return found;
    }

    /// <summary>
    /// The program stops, and has so much time for it: what then still waits for a Redis that does not answer is refused, early enough for the answer to go out. Until then hits are taken.
    /// </summary>
    public void EndWithin(TimeSpan left)
    {
        _ending = true;
        _end.CancelAfter(left - TimeSpan.FromSeconds(Math.Min(1, _shutdown.TotalSeconds / 4)));
    }

    /// <summary>Writes what waits. Later submissions are refused.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        if (!_ending) EndWithin(_shutdown);
        Task.WaitAll([.. _writers.Select(static writer => writer.StopAsync())]);
        _end.Dispose();
        _directory.Dispose();
    }

    private static ImportCheckpoint Checkpoint(string source, HashEntry field)
    {
        var parts = field.Value.ToString().Split(' ');
        return new ImportCheckpoint(source, Guid.Parse(field.Name.ToString()), long.Parse(parts[0], CultureInfo.InvariantCulture), Convert.FromHexString(parts[1]));
    }

    private T Read<T>(Func<IDatabase, T> read)
    {
        try
        {
            return read(_link.Database);
        }
        catch (Exception error) when (RedisTrouble.IsOfRedis(error))
        {
            throw RedisTrouble.NotRead(error);
        }
    }

    /// <summary>The shard of all hits of a submission; -1 where there are several.</summary>
    private int OnlyShard(Submission submission)
    {
        var hits = submission.Hits;
        if (hits.IsEmpty) return submission.Checkpoint is { } checkpoint ? _link.Keys.ShardOf(checkpoint.Source[(checkpoint.Source.IndexOf(' ') + 1)..]) : 0;
        var first = hits[0].Site;
        var shard = ShardOf(first);
        foreach (ref readonly var hit in hits)
            if (hit.Site != first && ShardOf(hit.Site) != shard) return -1;
        return shard;
    }

    private ValueTask<RejectReason> AppendDividedAsync(Submission submission)
    {
        var hits = new int[_writers.Length];
        foreach (ref readonly var hit in submission.Hits) hits[ShardOf(hit.Site)]++;
        // Where one of the shards has no room, the others need not count their part.
        for (var shard = 0; shard < hits.Length; shard++)
            if (hits[shard] > 0 && _writers[shard].WouldRefuse(submission, hits[shard]) is var refusal and not RejectReason.None) return new(refusal);
        var divided = new DividedSubmission(submission, hits.Count(static count => count > 0));
        var refused = RejectReason.None;
        for (var shard = 0; shard < hits.Length; shard++)
        {
            if (hits[shard] == 0) continue;
            var part = new ShardPart(submission, hits[shard], divided);
            if (refused == RejectReason.None) refused = _writers[shard].Enqueue(part);
            if (refused != RejectReason.None) part.Complete(refused);
        }
        return submission.WaitAsync();
    }

    private int ShardOf(Site site)
    {
        var shards = Volatile.Read(ref _shards);
        if (site.Index < shards.Length && shards[site.Index] is > 0 and var known) return known - 1;
        lock (_growing)
        {
            if (site.Index >= _shards.Length)
            {
                var larger = new int[Math.Max(16, Math.Max(site.Index + 1, _shards.Length * 2))];
                _shards.CopyTo(larger, 0);
                Volatile.Write(ref _shards, larger);
            }
            // One more than the shard: 0 is a site not asked for yet.
            return (_shards[site.Index] = _link.Keys.ShardOf(site.Domain) + 1) - 1;
        }
    }
}
