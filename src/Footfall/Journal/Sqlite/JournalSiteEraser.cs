using System.Text;
using Footfall.Common;
using Footfall.Live;

namespace Footfall.Journal.Sqlite;

/// <summary>
/// Deletes the data of one site from the journal, in chunks that each fit between two commits, on the journal's writer. The deletion, up to
/// a position, is recorded first: readers no longer see the data, and a start after a crash continues the deletion.
/// </summary>
internal sealed class JournalSiteEraser(SqliteStore store, SqliteCommitter committer, HitDecider decider, Dictionary<Site, long> rows,
    DeletedSites deleted, SiteRegistry sites, ILiveState live)
{
    /// <summary>The rows of a chunk, and about how many bytes it may read: a few milliseconds.</summary>
    private const int MaxRows = 200, MaxBytes = 4 << 20;

    /// <summary>Records that a site is to be deleted, and removes its counters, open visits and live state.</summary>
    /// <returns>The visits that were counted.</returns>
    public long Begin(string domain)
    {
        var visits = store.ExecuteScalar(
            "SELECT coalesce(sum(visits), 0) FROM counters WHERE site = (SELECT id FROM sites WHERE domain = $domain)", 0L,
            ("$domain", domain));
        committer.InTransaction(() =>
        {
            store.Execute("INSERT INTO deletions VALUES ($domain, $position, 0) ON CONFLICT (domain) DO UPDATE SET position = " +
                "excluded.position, history = 0",
                ("$domain", domain), ("$position", committer.Position));
            store.Execute("DELETE FROM counters WHERE site = (SELECT id FROM sites WHERE domain = $domain)", ("$domain", domain));
            store.Execute("DELETE FROM sites WHERE domain = $domain", ("$domain", domain));
            store.Execute("DELETE FROM imports WHERE substr(source, instr(source, ' ') + 1) = $domain", ("$domain", domain));
            store.Execute("DELETE FROM imported WHERE site = $domain", ("$domain", domain));
        });
        deleted.Load(store);
        if (sites.TryGet(domain, out var site))
        {
            rows.Remove(site);
            decider.Counters.Reset(site);
            decider.Visits.Evict(site);
            live.RemoveSite(site);
        }
        return visits;
    }

    /// <summary>Removes the hits of the site from some batches.</summary>
    /// <param name="after">The position to continue after; advanced.</param>
    /// <returns>The number of hits; null at the end.</returns>
    public long? EraseBatches(string domain, long until, ref long after)
    {
        var (hits, bytes, last) = (0L, 0L, after);
        var utf8 = Encoding.UTF8.GetBytes(domain);
        var changed = new List<(long Position, byte[] Body, int Hits)>();
        foreach (var row in store.Query(
            "SELECT position, hits, body FROM batches WHERE position > $after AND position <= $until ORDER BY position LIMIT $limit",
            ("$after", after), ("$until", until), ("$limit", MaxRows)))
        {
            last = row.GetInt64(0);
            var body = row.GetFieldValue<byte[]>(2);
            if (BatchFormat.RemoveSite(body, utf8, out var kept) is { } remaining)
            {
                changed.Add((last, remaining, kept));
                hits += row.GetInt64(1) - kept;
            }
            if ((bytes += body.Length) > MaxBytes) break;
        }
        if (last == after) return null;
        OverwriteInTransaction(() =>
        {
            // The row stays even without hits: a missing position would look like lost hits.
            foreach (var (position, body, kept) in changed)
                store.Execute("UPDATE batches SET hits = $hits, body = $body WHERE position = $position", ("$hits", kept), ("$body", body),
                    ("$position", position));
        });
        after = last;
        return hits;
    }

    /// <summary>Removes the keys of the site from some commits.</summary>
    /// <inheritdoc cref="EraseBatches"/>
    public long? EraseKeys(string domain, long until, ref long after)
    {
        var (bytes, last) = (0L, after);
        var site = StoredKeyFormat.HashSite(domain);
        var removed = new List<ulong>();
        var changed = new List<(long Position, byte[] Pairs)>();
        foreach (var row in store.Query(
            "SELECT position, pairs FROM keys WHERE position > $after AND position <= $until ORDER BY position LIMIT $limit",
            ("$after", after), ("$until", until), ("$limit", MaxRows)))
        {
            last = row.GetInt64(0);
            var pairs = row.GetFieldValue<byte[]>(1);
            if (StoredKeyFormat.RemoveSite(pairs, site, removed) is { } remaining) changed.Add((last, remaining));
            if ((bytes += pairs.Length) > MaxBytes) break;
        }
        if (last == after) return null;
        OverwriteInTransaction(() =>
        {
            foreach (var (position, pairs) in changed)
                store.Execute(pairs.Length == 0 ? "DELETE FROM keys WHERE position = $position"
                    : "UPDATE keys SET pairs = $pairs WHERE position = $position",
                    pairs.Length == 0 ? [("$position", position)] : [("$pairs", pairs), ("$position", position)]);
        });
        foreach (var key in removed) decider.Keys.Remove(key);
        after = last;
        return removed.Count;
    }

    /// <summary>
    /// Rewrites the file without its free space, so that no byte of deleted data is left. Requests wait meanwhile, about a second for 200
    /// MB, so a running server skips larger journals and reuses their free space.
    /// </summary>
    /// <param name="maxBytes">The bytes in use above which nothing is done.</param>
    /// <returns>Whether the file was rewritten.</returns>
    public bool Vacuum(long maxBytes)
    {
        var pages = store.ExecuteScalar("PRAGMA page_count", 0L) - store.ExecuteScalar("PRAGMA freelist_count", 0L);
        if (pages * store.ExecuteScalar("PRAGMA page_size", 0L) > maxBytes) return false;
        store.Execute("VACUUM");
        // The log still has the old pages.
        store.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return true;
    }

    /// <summary>Records that the history has deleted the site.</summary>
    public void MarkHistoryDone(string domain)
    {
        store.Execute("UPDATE deletions SET history = 1 WHERE domain = $domain", ("$domain", domain));
        deleted.Load(store);
    }

    /// <summary>The journal has no more data of the site: if the history is done too, removes the record.</summary>
    public void Finish(string domain)
    {
        OverwriteInTransaction(() => store.Execute("DELETE FROM deletions WHERE domain = $domain AND history = 1", ("$domain", domain)));
        store.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        deleted.Load(store);
    }

    /// <summary>Changes rows so that their old content is overwritten, not just freed.</summary>
    private void OverwriteInTransaction(Action change)
    {
        store.Execute("PRAGMA secure_delete = ON");
        try
        {
            committer.InTransaction(change);
        }
        finally
        {
            store.Execute("PRAGMA secure_delete = OFF");
        }
    }
}
