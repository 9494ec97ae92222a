using System.Buffers;
using System.Buffers.Binary;
using Footfall.Words;
using MessagePack;

namespace Footfall.Journal;

/// <summary>Turns submissions into one transaction: decides each hit, encodes the batch, moves the counters.</summary>
internal sealed class SqliteCommitter(SqliteStore store, Decider decider, Dictionary<Site, long> siteRows, JournalClock clock)
{
    /// <summary>A larger buffer is not kept: one large import must not hold its memory for ever.</summary>
    private const int KeptBytes = 4 << 20;

    private ArrayBufferWriter<byte> _body = new(1 << 16);
    private Site? _keysOf;
    private readonly ArrayBufferWriter<byte> _keys = new(1 << 12);
    private long _lastRow = store.Scalar("SELECT max(id) FROM counters", 0L);
    // Not the number of sites: a commit that failed may have left a gap.
    private long _lastSite = store.Scalar("SELECT max(id) FROM sites", 0L);
    private long _position = store.Scalar("SELECT max(position) FROM batches", 0L);

    /// <summary>How long a batch stays after the history has it, in milliseconds: open visits and the live picture are rebuilt from it at the start.</summary>
    private const long KeptAfterProjection = 60 * 60 * 1000;

    /// <summary>The last commit that brought hits.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The last position that the history has.</summary>
    public long Projected { get; set; }

    /// <summary>Batches behind this position stay, for a backup that is under way.</summary>
    public long Held { get; set; } = long.MaxValue;

    /// <summary>Whether keys or batches that are too old may still be stored.</summary>
    public bool MoreToForget { get; private set; }

    /// <summary>Commits, or leaves everything as it was.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The store can't take it: nothing was counted.</exception>
    public void Commit(List<Submission> submissions)
    {
        var (now, steady) = (clock.Now, clock.Steady);
        var began = false;
        try
        {
            var accepted = 0;
            _keys.ResetWrittenCount();
            _keysOf = null;
            foreach (var submission in submissions) accepted += Decide(submission, steady);
            Encode(submissions, accepted);
            store.Begin();
            began = true;
            Write(submissions, accepted, now);
            store.Commit();
            decider.Keep();
            foreach (var submission in submissions)
                if (submission is { Checkpoint: not null, Hits: [.., var last] }) decider.Visits.ForgetImported(last.Time);
            if (accepted > 0) Volatile.Write(ref _position, _position + 1);
        }
        catch
        {
            decider.Undo();
            if (began) TryRollback();
            throw;
        }
    }

    private int Decide(Submission submission, long steady)
    {
        var accepted = 0;
        var hits = submission.Hits;
        var outcomes = submission.Outcomes;
        foreach (var seed in submission.Seeds) decider.Seed(seed, steady);
        for (var i = 0; i < hits.Length; i++)
        {
            ref readonly var hit = ref hits[i];
            outcomes[i] = decider.Decide(hit, steady);
            if (outcomes[i].Duplicate) continue;
            accepted++;
            var answer = hit.Kind == HitKind.Visit ? Decider.Answer(hit.Country, outcomes[i].Visits) : 0;
            if (hit.Key != 0) WriteKey(hit.Site, hit.Key, answer);
            if (hit.Transaction != 0) WriteKey(hit.Site, hit.Transaction, answer);
        }
        return accepted;
    }

    /// <summary>Most keys of a commit are of the same site, which is told once for all of them.</summary>
    private void WriteKey(Site site, ulong key, ulong answer)
    {
        if (site != _keysOf) WritePair(StoredKeys.SiteFollows, StoredKeys.HashOf(site.Domain));
        _keysOf = site;
        WritePair(key, answer);
    }

    private void WritePair(ulong key, ulong answer)
    {
        var pair = _keys.GetSpan(16);
        BinaryPrimitives.WriteUInt64LittleEndian(pair, key);
        BinaryPrimitives.WriteUInt64LittleEndian(pair[8..], answer);
        _keys.Advance(16);
    }

    private void Encode(List<Submission> submissions, int accepted)
    {
        if (_body.Capacity > KeptBytes) _body = new ArrayBufferWriter<byte>(1 << 16);
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
        foreach (var place in decider.Counters.Pending)
        {
            ref var cell = ref decider.Counters.Working(place);
            if (cell.Row != 0)
            {
                store.UpdateCounter(cell);
                continue;
            }
            if (!siteRows.TryGetValue(place.Site, out var site)) siteRows[place.Site] = site = ++_lastSite;
            store.InsertSite(site, place.Site.Domain);
            cell.Row = ++_lastRow;
            store.InsertCounter(site, place.Country, cell);
        }
        foreach (var submission in submissions)
        {
            if (submission.Checkpoint is { } checkpoint) store.SaveImport(checkpoint);
            foreach (var id in submission.Imported) store.SaveImported(id, submission.Hits[0].Site);
        }
    }

    /// <summary>Finds out whether the store takes a commit, without any hit.</summary>
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

    /// <summary>Does work of others in a transaction, between two commits.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The store can't take it: nothing of it was done.</exception>
    public void InTransaction(Action work)
    {
        store.Begin();
        try
        {
            work();
            store.Commit();
        }
        catch
        {
            TryRollback();
            throw;
        }
    }

    /// <summary>Drops what is too old to matter.</summary>
    public void Forget()
    {
        decider.Visits.Forget(clock.Steady);
        decider.Keys.Forget(clock.Steady);
        ForgetStored();
    }

    /// <summary>
    /// Drops stored keys and batches that are too old to matter: some at a time, so that no request waits long. <see cref="MoreToForget"/> tells whether to go on.
    /// </summary>
    public void ForgetStored()
    {
        // The earlier of the two clocks: one that jumped ahead must not take what is still needed.
        var now = Math.Min(clock.Now, clock.Steady);
        var keys = store.ForgetKeys(now - SeenKeys.Remembered);
        MoreToForget = store.ForgetBatches(now - KeptAfterProjection, Math.Min(Projected, Held)) || keys;
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
