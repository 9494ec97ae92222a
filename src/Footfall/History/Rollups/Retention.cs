using DuckDB.NET.Data;
using Footfall.Common;
using Footfall.History.Projection;
using Footfall.History.Schema;

namespace Footfall.History.Rollups;

/// <summary>What retention has removed.</summary>
internal enum RemovedShare
{
    None,

    /// <summary>Only some days.</summary>
    Some,

    /// <summary>Days with more hits than remain in total.</summary>
    Most,
}

/// <summary>Deletes data that is older than the settings allow, and expired identities.</summary>
internal static class Retention
{
    private static readonly string[] HitTables = ["hits", "items", "orders", "visits", "bots"];

    /// <param name="sites">Each site with its local day, in days since 1970-01-01.</param>
    /// <param name="late">Days whose late hits were deleted after the rollup.</param>
    /// <param name="now">Unix time in milliseconds.</param>
    /// <returns>What was removed. Texts are deleted with days, so any cache of text numbers must be reloaded.</returns>
    public static RemovedShare Run(DuckDBConnection connection, IEnumerable<(int Site, int Today)> sites, HistoryOptions options, int late,
        long now, ILogger log)
    {
        // A destroyed salt never produces a hash again.
        var removed = connection.Execute("DELETE FROM identities WHERE seen < $1", now - VisitorCache.HashLifetime);
        var before = connection.Scalar<long?>("SELECT count(*) FROM hits") ?? 0;
        var (hits, rollups) = (late, 0);
        foreach (var (site, today) in sites)
        {
            if (options.HitsDays > 0) hits += RemoveHits(connection, site, LocalDay.DateOf(today - options.HitsDays));
            if (options.RollupsDays > 0) rollups += RemoveRollups(connection, site, LocalDay.DateOf(today - options.RollupsDays));
        }
        if (hits + rollups > 0)
        {
            WriteTransaction.Run(connection, () => StringTableCleanup.Run(connection));
            log.Retained(hits, rollups);
        }
        if (hits + rollups + removed > 0) Compaction.Checkpoint(connection);
        if (hits + rollups == 0) return RemovedShare.None;
        return connection.Scalar<long>("SELECT count(*) FROM hits") * 2 < before ? RemovedShare.Most : RemovedShare.Some;
    }

    /// <summary>Deletes the hits of closed days before a day; their rollups still serve queries.</summary>
    /// <returns>The days.</returns>
    public static int RemoveHits(DuckDBConnection connection, int site, DateOnly before)
    {
        const string Old = "site = $1 AND day < $2 AND day NOT IN (SELECT day FROM open_days WHERE site = $1)";
        const string Days = $"SELECT DISTINCT site, day FROM hits WHERE {Old} UNION SELECT DISTINCT site, day FROM bots WHERE {Old}";
        var days = (int)connection.Scalar<long>($"SELECT count(*) FROM ({Days})", site, before);
        if (days == 0) return 0;
        WriteTransaction.Run(connection, () =>
        {
            connection.Execute($"INSERT INTO removed_days {Days}", site, before);
            RemoveHits(connection, Old, site, before);
        });
        return days;
    }

    /// <summary>Deletes the hits of a day after they were added to its rollups, in the caller's transaction.</summary>
    public static void RemoveLateHits(DuckDBConnection connection, int site, DateOnly day) =>
        RemoveHits(connection, "site = $1 AND day = $2", site, day);

    private static void RemoveHits(DuckDBConnection connection, string where, int site, DateOnly day)
    {
        connection.Execute(
            $"INSERT INTO removed_orders SELECT site, day, transaction, value, currency FROM orders WHERE {where} AND kind = 6 AND " +
            $"transaction <> 0", site, day);
        foreach (var table in HitTables) connection.Execute($"DELETE FROM {table} WHERE {where}", site, day);
    }

    /// <summary>Whether the hits behind a day's rollups are deleted.</summary>
    public static bool HasRemoved(DuckDBConnection connection, int site, DateOnly day) =>
        connection.Scalar<long>("SELECT count(*) FROM removed_days WHERE site = $1 AND day = $2", site, day) > 0;

    /// <summary>
    /// Deletes the rollups of days before a day, if their hits are deleted: a day with hits needs both for queries, and keeps both.
    /// </summary>
    /// <returns>The days.</returns>
    public static int RemoveRollups(DuckDBConnection connection, int site, DateOnly before)
    {
        const string Old =
            "SELECT day FROM removed_days WHERE site = $1 AND day < $2 AND day NOT IN (SELECT day FROM open_days WHERE site = $1)";
        var days = (int)connection.Scalar<long>($"SELECT count(*) FROM ({Old})", site, before);
        if (days == 0) return 0;
        WriteTransaction.Run(connection, () =>
        {
            const string Months = $"SELECT date_trunc('month', day)::DATE FROM ({Old})";
            foreach (var table in Rollup.Tables)
            {
                connection.Execute($"DELETE FROM {table} WHERE site = $1 AND grain = 0 AND day IN ({Old})", site, before);
                connection.Execute($"DELETE FROM {table} WHERE site = $1 AND grain = 1 AND day IN ({Months})", site, before);
            }
            // A month with deleted days is queried from the remaining days until it is rolled up again.
            connection.Execute($"DELETE FROM closed_months WHERE site = $1 AND month IN ({Months})", site, before);
            // Nothing is left of such a day: new hits start it again.
            foreach (var table in (string[])["removed_orders", "removed_days"])
                connection.Execute($"DELETE FROM {table} WHERE site = $1 AND day IN ({Old})", site, before);
        });
        return days;
    }
}
