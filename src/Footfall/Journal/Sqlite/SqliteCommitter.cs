using System.Buffers;
using System.Buffers.Binary;
using Footfall.Common;
using MessagePack;

namespace Footfall.Journal.Sqlite;

/// <summary>Turns submissions into one transaction: decides each hit, encodes the batch, updates the counters.</summary>
internal sealed class SqliteCommitter(SqliteStore store, HitDecider decider, Dictionary<Site, long> siteRows, JournalClock clock)
{
    /// <summary>A larger buffer is not kept: one large import must not hold its memory forever.</summary>
    private const int MaxRetainedBytes = 4 << 20;

    private ArrayBufferWriter<byte> _body = new(1 << 16);
    private Site? _keysSite;
    private readonly ArrayBufferWriter<byte> _keys = new(1 << 12);
    private long _lastRow = store.ExecuteScalar("SELECT max(id) FROM counters", 0L);
    // Not the number of sites: a failed commit may have left a gap.
    private long _lastSite = store.ExecuteScalar("SELECT max(id) FROM sites", 0L);
    private long _position = store.ExecuteScalar("SELECT max(position) FROM batches", 0L);

    /// <summary>
    /// How long a batch stays after the history has it, in milliseconds: open visits and the live state are rebuilt from it at startup.
    /// </summary>
    private const long BatchRetention = 60 * 60 * 1000;

    /// <summary>The last commit with hits.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The last position that the history has.</summary>
    public long Projected { get; set; }

    /// <summary>Batches after this position stay, for a running backup.</summary>
    public long BackupPosition { get; set; } = long.MaxValue;

    /// <summary>Whether expired keys or batches may still be stored.</summary>
    public bool MoreToCleanUp { get; private set; }

    /// <summary>Commits, or leaves everything unchanged.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The store can't be written: nothing was counted.</exception>
    public void Commit(List<Submission> submissions)
    {
        var (now, monotonicNow) = (clock.Now, clock.MonotonicNow);
        var began = false;
        try
        {
            var accepted = 0;
            _keys.ResetWrittenCount();
            _keysSite = null;
            foreach (var submission in submissions) accepted += Decide(submission, monotonicNow);
            Encode(submissions, accepted);
            store.Begin();
            began = true;
            Write(submissions, accepted, now);
            store.Commit();
            decider.Commit();
            foreach (var submission in submissions)
                if (submission is { Checkpoint: not null, Hits: [.., var last] }) decider.Visits.EvictImported(last.Time);
            if (accepted > 0) Volatile.Write(ref _position, _position + 1);
        }
        catch
        {
            decider.Rollback();
            if (began) TryRollback();
            throw;
        }
    }

    private int Decide(Submission submission, long monotonicNow)
    {
        var accepted = 0;
        var hits = submission.Hits;
        var outcomes = submission.Outcomes;
        foreach (var warmUpHit in submission.WarmUpHits) decider.WarmUp(warmUpHit, monotonicNow);
        for (var i = 0; i < hits.Length; i++)
        {
            ref readonly var hit = ref hits[i];
            outcomes[i] = decider.Decide(hit, monotonicNow);
            if (outcomes[i].Duplicate) continue;
            accepted++;
            var result = hit.Kind == HitKind.Visit ? HitDecider.EncodeResult(hit.Country, outcomes[i].Visits) : 0;
            if (hit.Key != 0) WriteKey(hit.Site, hit.Key, result);
            if (hit.Transaction != 0) WriteKey(hit.Site, hit.Transaction, result);
        }
        return accepted;
    }

    /// <summary>Most keys of a commit are of the same site, which is written once for all of them.</summary>
    private void WriteKey(Site site, ulong key, ulong result)
    {
        if (site != _keysSite) WritePair(StoredKeyFormat.SiteMarker, StoredKeyFormat.HashSite(site.Domain));
        _keysSite = site;
        WritePair(key, result);
    }

    private void WritePair(ulong key, ulong result)
    {
        var pair = _keys.GetSpan(16);
        BinaryPrimitives.WriteUInt64LittleEndian(pair, key);
        BinaryPrimitives.WriteUInt64LittleEndian(pair[8..], result);
        _keys.Advance(16);
    }

    private void Encode(List<Submission> submissions, int accepted)
    {
        if (_body.Capacity > MaxRetainedBytes) _body = new ArrayBufferWriter<byte>(1 << 16);
        _body.ResetWrittenCount();
        var writer = new MessagePackWriter(_body);
        BatchFormat.WriteHeader(ref writer, accepted);
        foreach (var submission in submissions)
        {
            var hits = submission.Hits;
            var outcomes = submission.Outcomes;
            var details = submission.Details;
            for (var i = 0; i < hits.Length; i++)
            {
                ref readonly var hit = ref hits[i];
                if (!outcomes[i].Duplicate) BatchFormat.WriteHit(ref writer, hit, outcomes[i].OpenedVisit, details[..hit.DetailsLength]);
                details = details[hit.DetailsLength..];
            }
        }
        writer.Flush();
    }

    private void Write(List<Submission> submissions, int accepted, long now)
    {
        var position = _position + 1;
        if (accepted > 0) store.InsertBatch(position, now, accepted, _body.WrittenSpan);
        if (_keys.WrittenCount > 0) store.InsertKeys(position, now, _keys.WrittenSpan);
        foreach (var key in decider.Counters.Pending)
        {
            ref var cell = ref decider.Counters.GetWorkingCell(key);
            if (cell.RowId != 0)
            {
                store.UpdateCounter(cell);
                continue;
            }
            if (!siteRows.TryGetValue(key.Site, out var site)) siteRows[key.Site] = site = ++_lastSite;
            store.InsertSite(site, key.Site.Domain);
            cell.RowId = ++_lastRow;
            store.InsertCounter(site, key.Country, cell);
        }
        foreach (var submission in submissions)
        {
            if (submission.Checkpoint is { } checkpoint) store.SaveImport(checkpoint);
            foreach (var id in submission.ImportedIds) store.SaveImported(id, submission.Hits[0].Site);
        }
    }

    /// <summary>Tests whether the store accepts a commit, without any hit.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">It does not.</exception>
    public void Probe()
    {
        try
        {
            store.Begin();
            store.Probe(clock.Now);
            store.Commit();
        }
        catch
        {
            TryRollback();
            throw;
        }
    }

    /// <summary>Runs other components' work in a transaction, between two commits.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The store can't be written: nothing was done.</exception>
    public void InTransaction(Action action)
    {
        store.Begin();
        try
        {
            action();
            store.Commit();
        }
        catch
        {
            TryRollback();
            throw;
        }
    }

    /// <summary>Deletes expired data from memory.</summary>
    public void CleanUp()
    {
        decider.Visits.Evict(clock.MonotonicNow);
        decider.Keys.RemoveExpired(clock.MonotonicNow);
        CleanUpStored();
    }

    /// <summary>
    /// Deletes expired keys and batches from the store: some at a time, so that no request waits long. <see cref="MoreToCleanUp"/> is true
    /// if there are more.
    /// </summary>
    public void CleanUpStored()
    {
        // The earlier of the two clocks: one that jumped ahead must not delete data that is still needed.
        var now = Math.Min(clock.Now, clock.MonotonicNow);
        var keys = store.DeleteOldKeys(now - SeenKeys.Retention);
        MoreToCleanUp = store.DeleteOldBatches(now - BatchRetention, Math.Min(Projected, BackupPosition)) || keys;
    }

    private void TryRollback()
    {
        try
        {
            store.Rollback();
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // SQLite has rolled back by itself: https://www.sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction".
        }
    }
}
