using System.Buffers;
using System.Runtime.InteropServices;
using Footfall.Common;
using Footfall.Live;
using MessagePack;
using Microsoft.Data.Sqlite;

namespace Footfall.Journal.Sqlite;

/// <summary>
/// Loads at startup what the journal keeps in memory: counters, the keys of a day, and the open visits and live state by replay.
/// </summary>
/// <param name="unkeyed">Is filled.</param>
/// <param name="lastUnkeyed">The position of the last commit whose keys were hashed without a secret.</param>
internal sealed class JournalLoader(
    SqliteStore store, string file, HitDecider decider, UnkeyedHashes unkeyed, long lastUnkeyed, SiteRegistry sites, ILiveState live,
    DeletedSites deleted,
    ILogger logger)
{
    /// <summary>How far back hits are replayed, in milliseconds: the gap of a visit and the live state are 30 minutes.</summary>
    private const long ReplayWindow = 35 * 60 * 1000;

    private readonly List<Hit> _hits = [];
    private readonly List<HitOutcome> _outcomes = [];
    private readonly ArrayBufferWriter<byte> _details = new();

    /// <summary>Whether an exception during loading means that the journal is damaged.</summary>
    public static bool IsCorruption(Exception error) => error is SqliteException or MessagePackSerializationException
        or InvalidOperationException or InvalidCastException or ArgumentException or KeyNotFoundException
        or IndexOutOfRangeException or OverflowException;

    public int CounterCount { get; private set; }

    public long HitCount { get; private set; }

    /// <summary>The row of each site in the store.</summary>
    public Dictionary<Site, long> SiteRows { get; } = [];

    /// <param name="now">Unix time in milliseconds.</param>
    /// <param name="monotonicNow">The same moment on the monotonic clock.</param>
    public void Load(long now, long monotonicNow)
    {
        LoadCounters();
        // Both take about the same time after a busy hour and share no state.
        var keys = Task.Run(() => LoadKeys(now, monotonicNow));
        ReplayHits(now, monotonicNow);
        keys.GetAwaiter().GetResult();
        decider.Visits.Commit();
        decider.Keys.Commit();
    }

    private void LoadCounters()
    {
        foreach (var row in store.Query("SELECT id, domain FROM sites ORDER BY id"))
            SiteRows[sites.GetOrAddStored(row.GetString(1))] = row.GetInt64(0);
        var byRow = SiteRows.ToDictionary(site => site.Value, site => site.Key);
        foreach (var row in store.Query("SELECT id, site, country, visits, day, today FROM counters"))
        {
            var site = byRow[row.GetInt64(1)];
            var country = Country.FromStored(row.GetString(2));
            var cell = new VisitCounters.Cell(row.GetInt64(0), row.GetInt64(3), row.GetInt32(4), row.GetInt64(5));
            decider.Counters.Load(site, country, cell);
            live.LoadCounter(site, country, cell.Visits, cell.Day, cell.Today);
            CounterCount++;
        }
    }

    private void LoadKeys(long now, long monotonicNow)
    {
        const string Kept = "SELECT committed_at, pairs, position FROM keys WHERE committed_at >= $since ORDER BY position";
        foreach (var row in SqliteStore.QueryReadOnly(file, Kept, ("$since", now - SeenKeys.Retention)))
        {
            var age = now - row.GetInt64(0);
            var (isUnkeyed, timeLeft) = (row.GetInt64(2) <= lastUnkeyed, TimeSpan.FromMilliseconds(SeenKeys.Retention - age));
            StoredKeyFormat.Read(row.GetFieldValue<byte[]>(1), (key, result) =>
            {
                decider.Keys.Add(key, result, monotonicNow - age);
                if (isUnkeyed) unkeyed.Add(key, timeLeft);
            });
            decider.Keys.Commit();
        }
    }

    private void ReplayHits(long now, long monotonicNow)
    {
        // Reads backwards from the newest batch, so that startup depends on the last half hour, not on the whole journal.
        var before = store.ExecuteScalar("SELECT position FROM batches WHERE committed_at < $since ORDER BY position DESC LIMIT 1", 0L,
            ("$since", now - ReplayWindow));
        var next = 0L;
        foreach (var row in store.Query("SELECT committed_at, body, position FROM batches WHERE position > $before ORDER BY position",
            ("$before", before)))
        {
            var (arrivedAt, newest) = (monotonicNow - (now - row.GetInt64(0)), 0L);
            var position = row.GetInt64(2);
            if (next > 0 && position != next) throw new MessagePackSerializationException($"the commit {next} is missing");
            next = position + 1;
            BatchFormat.Read(row.GetFieldValue<byte[]>(1), sites.GetOrAddStored, (in hit, opened, details) =>
            {
                if (deleted.IsDeleted(hit.Site, position)) return;
                _details.Write(details.Span);
                newest = Math.Max(newest, hit.Time);
                if (!hit.Bot && hit.Visitor != 0) decider.Visits.Touch(hit.Site, hit.Visitor, hit.Time, arrivedAt);
                _hits.Add(hit);
                _outcomes.Add(new HitOutcome(false, opened, hit.Country, 0));
            });
            try
            {
                live.Apply(CollectionsMarshal.AsSpan(_hits), CollectionsMarshal.AsSpan(_outcomes), replayed: true, _details.WrittenSpan);
            }
            catch (LiveUpdateException error)
            {
                // A hit that can't be shown must not prevent startup.
                logger.LiveUpdateFailed(error);
            }
            HitCount += _hits.Count;
            _hits.Clear();
            _outcomes.Clear();
            _details.ResetWrittenCount();
            decider.Visits.Commit();
            decider.Visits.EvictImported(newest);
        }
    }
}
