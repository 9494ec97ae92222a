using System.Text;
using Footfall.Live;
using Footfall.Words;

namespace Footfall.Journal;

/// <summary>
/// Deletes the data of one site from the journal, in pieces that each fit between two commits; on the journal's writer. What is to go is noted
/// first: everything up to a position. From then on it is gone for readers, and a start after a crash goes on with it.
/// </summary>
internal sealed class SiteScrub(SqliteStore store, SqliteCommitter committer, Decider decider, Dictionary<Site, long> rows, DeletedSites deleted, Sites sites, ILive live)
{
    /// <summary>The rows of a piece, and about as many bytes as it may look at: some milliseconds.</summary>
    private const int MostRows = 200, MostBytes = 4 << 20;

    /// <summary>Notes that a site is to be deleted, and takes its counters, open visits and live picture away.</summary>
    /// <returns>The visits that were counted.</returns>
    public long Begin(string domain)
    {
        var visits = store.Scalar("SELECT coalesce(sum(visits), 0) FROM counters WHERE site = (SELECT id FROM sites WHERE domain = $domain)", 0L, ("$domain", domain));
        committer.InTransaction(() =>
        {
            store.Execute("INSERT INTO deletions VALUES ($domain, $position, 0) ON CONFLICT (domain) DO UPDATE SET position = excluded.position, history = 0",
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
            decider.Counters.Forget(site);
            decider.Visits.Forget(site);
            live.Forget(site);
        }
        return visits;
    }

    /// <summary>Takes the hits of the site out of some batches.</summary>
    /// <param name="after">The position to go on behind; moved on.</param>
    /// <returns>How many hits there were; null at the end.</returns>
    public long? Batches(string domain, long until, ref long after)
    {
        var (hits, bytes, last) = (0L, 0L, after);
        var utf8 = Encoding.UTF8.GetBytes(domain);
        var changed = new List<(long Position, byte[] Body, int Hits)>();
        foreach (var row in store.Query("SELECT position, hits, body FROM batches WHERE position > $after AND position <= $until ORDER BY position LIMIT $limit",
            ("$after", after), ("$until", until), ("$limit", MostRows)))
        {
            last = row.GetInt64(0);
            var body = row.GetFieldValue<byte[]>(2);
            if (BatchFormat.Without(body, utf8, out var kept) is { } without)
            {
                changed.Add((last, without, kept));
                hits += row.GetInt64(1) - kept;
            }
            if ((bytes += body.Length) > MostBytes) break;
        }
        if (last == after) return null;
        Replace(() =>
        {
            // The row stays, also without hits: a position that is missing looks like hits that were lost.
            foreach (var (position, body, kept) in changed)
                store.Execute("UPDATE batches SET hits = $hits, body = $body WHERE position = $position", ("$hits", kept), ("$body", body), ("$position", position));
        });
        after = last;
        return hits;
    }

    /// <summary>Takes the keys of the site out of some commits.</summary>
    /// <inheritdoc cref="Batches"/>
    public long? Keys(string domain, long until, ref long after)
    {
        var (bytes, last) = (0L, after);
        var site = StoredKeys.HashOf(domain);
        var removed = new List<ulong>();
        var changed = new List<(long Position, byte[] Pairs)>();
        foreach (var row in store.Query("SELECT position, pairs FROM keys WHERE position > $after AND position <= $until ORDER BY position LIMIT $limit",
            ("$after", after), ("$until", until), ("$limit", MostRows)))
        {
            last = row.GetInt64(0);
            var pairs = row.GetFieldValue<byte[]>(1);
            if (StoredKeys.Without(pairs, site, removed) is { } without) changed.Add((last, without));
            if ((bytes += pairs.Length) > MostBytes) break;
        }
        if (last == after) return null;
        Replace(() =>
        {
            foreach (var (position, pairs) in changed)
                store.Execute(pairs.Length == 0 ? "DELETE FROM keys WHERE position = $position" : "UPDATE keys SET pairs = $pairs WHERE position = $position",
                    pairs.Length == 0 ? [("$position", position)] : [("$pairs", pairs), ("$position", position)]);
        });
        foreach (var key in removed) decider.Keys.Remove(key);
        after = last;
        return removed.Count;
    }

    /// <summary>
    /// Writes the file anew, without what is free in it: no byte of what was deleted is left there. Requests wait meanwhile, about a second for 200 MB, so that while a server runs
    /// a larger journal is left as it is, and its free space is used again.
    /// </summary>
    /// <param name="most">The bytes in use above which nothing is done.</param>
    /// <returns>Whether the file was written anew.</returns>
    public bool FreeSpace(long most)
    {
        var pages = store.Scalar("PRAGMA page_count", 0L) - store.Scalar("PRAGMA freelist_count", 0L);
        if (pages * store.Scalar("PRAGMA page_size", 0L) > most) return false;
        store.Execute("VACUUM");
        // The log still has the pages as they were.
        store.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return true;
    }

    /// <summary>The history has deleted the site.</summary>
    public void HistoryIsDone(string domain)
    {
        store.Execute("UPDATE deletions SET history = 1 WHERE domain = $domain", ("$domain", domain));
        deleted.Load(store);
    }

    /// <summary>The journal has nothing more of the site: if the history is done too, nothing is left to remember.</summary>
    public void Finish(string domain)
    {
        Replace(() => store.Execute("DELETE FROM deletions WHERE domain = $domain AND history = 1", ("$domain", domain)));
        store.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        deleted.Load(store);
    }

    /// <summary>Changes rows so that what they were is overwritten, and not only given free.</summary>
    private void Replace(Action change)
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
