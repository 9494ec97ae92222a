using System.Buffers;
using System.Runtime.InteropServices;
using Footfall.Live;
using Footfall.Words;
using MessagePack;
using Microsoft.Data.Sqlite;

namespace Footfall.Journal;

/// <summary>Reads back, at the start, what the journal keeps in memory: counters, the keys of a day, and the open visits and live picture by replay.</summary>
/// <param name="unkeyed">Is filled.</param>
/// <param name="lastUnkeyed">The position of the last commit whose keys were hashed before there was a secret.</param>
internal sealed class JournalRestore(
    SqliteStore store, string file, Decider decider, UnkeyedHashes unkeyed, long lastUnkeyed, Sites sites, ILive live, DeletedSites deleted,
    ILogger logger)
{
    /// <summary>How far back hits are replayed, in milliseconds: the gap of a visit and the live picture are 30 minutes.</summary>
    private const long Replayed = 35 * 60 * 1000;

    private readonly List<Hit> _hits = [];
    private readonly List<Outcome> _outcomes = [];
    private readonly ArrayBufferWriter<byte> _details = new();

    /// <summary>Whether what was thrown while a journal was read back tells of its bytes.</summary>
    public static bool IsDamage(Exception error) => error is SqliteException or MessagePackSerializationException
        or InvalidOperationException or InvalidCastException or ArgumentException or KeyNotFoundException
        or IndexOutOfRangeException or OverflowException;

    public int Counters { get; private set; }

    public long Hits { get; private set; }

    /// <summary>The row of each site in the store.</summary>
    public Dictionary<Site, long> SiteRows { get; } = [];

    /// <param name="now">Unix time in milliseconds.</param>
    /// <param name="steady">The same moment on the clock that never goes back.</param>
    public void Run(long now, long steady)
    {
        ReadCounters();
        // Both take about as long after a busy hour, and touch nothing in common.
        var keys = Task.Run(() => ReadKeys(now, steady));
        ReadHits(now, steady);
        keys.GetAwaiter().GetResult();
        decider.Visits.Keep();
        decider.Keys.Keep();
    }

    private void ReadCounters()
    {
        foreach (var row in store.Query("SELECT id, domain FROM sites ORDER BY id")) SiteRows[sites.Restore(row.GetString(1))] = row.GetInt64(0);
        var byRow = SiteRows.ToDictionary(site => site.Value, site => site.Key);
        foreach (var row in store.Query("SELECT id, site, country, visits, day, today FROM counters"))
        {
            var site = byRow[row.GetInt64(1)];
            var country = Country.Stored(row.GetString(2));
            var cell = new VisitCounters.Cell(row.GetInt64(0), row.GetInt64(3), row.GetInt32(4), row.GetInt64(5));
            decider.Counters.Load(site, country, cell);
            live.Load(site, country, cell.Visits, cell.Day, cell.Today);
            Counters++;
        }
    }

    private void ReadKeys(long now, long steady)
    {
        const string Kept = "SELECT committed_at, pairs, position FROM keys WHERE committed_at >= $since ORDER BY position";
        foreach (var row in SqliteStore.QueryBeside(file, Kept, ("$since", now - SeenKeys.Remembered)))
        {
            var age = now - row.GetInt64(0);
            var (isUnkeyed, left) = (row.GetInt64(2) <= lastUnkeyed, TimeSpan.FromMilliseconds(SeenKeys.Remembered - age));
            StoredKeys.Read(row.GetFieldValue<byte[]>(1), (key, answer) =>
            {
                decider.Keys.Add(key, answer, steady - age);
                if (isUnkeyed) unkeyed.Add(key, left);
            });
            decider.Keys.Keep();
        }
    }

    private void ReadHits(long now, long steady)
    {
        // Walks back from the newest batch, so that the start takes as long as the last half hour and not as the whole journal.
        var before = store.Scalar("SELECT position FROM batches WHERE committed_at < $since ORDER BY position DESC LIMIT 1", 0L, ("$since", now - Replayed));
        var next = 0L;
        foreach (var row in store.Query("SELECT committed_at, body, position FROM batches WHERE position > $before ORDER BY position", ("$before", before)))
        {
            var (arrived, newest) = (steady - (now - row.GetInt64(0)), 0L);
            var position = row.GetInt64(2);
            if (next > 0 && position != next) throw new MessagePackSerializationException($"the commit {next} is missing");
            next = position + 1;
            BatchFormat.Read(row.GetFieldValue<byte[]>(1), sites.Restore, (in hit, opened, details) =>
            {
                if (deleted.Has(hit.Site, position)) return;
                _details.Write(details.Span);
                newest = Math.Max(newest, hit.Time);
                if (!hit.Bot && hit.Visitor != 0) decider.Visits.Touch(hit.Site, hit.Visitor, hit.Time, arrived);
                _hits.Add(hit);
                _outcomes.Add(new Outcome(false, opened, hit.Country, 0));
            });
            try
            {
                live.Fold(CollectionsMarshal.AsSpan(_hits), CollectionsMarshal.AsSpan(_outcomes), replayed: true, _details.WrittenSpan);
            }
            catch (FoldException error)
            {
                // A hit that can't be shown must not keep the shops from counting.
                logger.TellingFailed(error);
            }
            Hits += _hits.Count;
            _hits.Clear();
            _outcomes.Clear();
            _details.ResetWrittenCount();
            decider.Visits.Keep();
            decider.Visits.ForgetImported(newest);
        }
    }
}
