using DuckDB.NET.Data;
using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>What retention has removed.</summary>
internal enum Removal
{
    None,

    /// <summary>Some days.</summary>
    Some,

    /// <summary>Days with more hits than are left.</summary>
    Most,
}

/// <summary>Lets go of what is older than the settings want, and of what is dead.</summary>
internal static class Retention
{
    private static readonly string[] HitTables = ["hits", "items", "orders", "visits", "bots"];

    /// <param name="sites">Each site with its local day, in days since 1970-01-01.</param>
    /// <param name="now">Unix time in milliseconds.</param>
    /// <returns>What was removed. Texts go with days: whoever has numbers of texts in memory begins anew.</returns>
    public static Removal Run(DuckDBConnection connection, IEnumerable<(int Site, int Today)> sites, HistoryOptions options, long now, ILogger log)
    {
        // A salt that is dead makes nobody's hash again.
        var removed = connection.Run("DELETE FROM identities WHERE seen < $1", now - KnownVisitors.KeptFor);
        var before = connection.Scalar<long?>("SELECT count(*) FROM hits") ?? 0;
        var (hits, rollups) = (0, 0);
        foreach (var (site, today) in sites)
        {
            if (options.HitsDays > 0) hits += RemoveHits(connection, site, LocalDay.DateOf(today - options.HitsDays));
            if (options.RollupsDays > 0) rollups += RemoveRollups(connection, site, LocalDay.DateOf(today - options.RollupsDays));
        }
        if (hits + rollups > 0)
        {
            Transactions.Run(connection, () => UnusedTexts.Remove(connection));
            log.Retained(hits, rollups);
        }
        if (hits + rollups + removed > 0) Compaction.Checkpoint(connection);
        if (hits + rollups == 0) return Removal.None;
        return connection.Scalar<long>("SELECT count(*) FROM hits") * 2 < before ? Removal.Most : Removal.Some;
    }

    /// <summary>Removes the hits of closed days before a day: their rollups still answer.</summary>
    /// <returns>The days.</returns>
    public static int RemoveHits(DuckDBConnection connection, int site, DateOnly before)
    {
        const string Old = "site = $1 AND day < $2 AND day NOT IN (SELECT day FROM open_days WHERE site = $1)";
        var days = (int)connection.Scalar<long>($"SELECT count(DISTINCT day) FROM hits WHERE {Old}", site, before)
            + (int)connection.Scalar<long>($"SELECT count(DISTINCT day) FROM bots WHERE {Old} AND day NOT IN (SELECT DISTINCT day FROM hits WHERE {Old})", site, before);
        if (days == 0) return 0;
        Transactions.Run(connection, () =>
        {
            foreach (var table in HitTables) connection.Run($"DELETE FROM {table} WHERE {Old}", site, before);
        });
        return days;
    }

    /// <summary>Removes the rollups of days before a day.</summary>
    /// <returns>The days.</returns>
    public static int RemoveRollups(DuckDBConnection connection, int site, DateOnly before)
    {
        var days = (int)connection.Scalar<long>("SELECT count(DISTINCT day) FROM r_totals WHERE site = $1 AND grain = 0 AND day < $2", site, before);
        if (days == 0) return 0;
        Transactions.Run(connection, () =>
        {
            foreach (var table in Rollup.Tables) connection.Run($"DELETE FROM {table} WHERE site = $1 AND day < $2", site, before);
            // A month of which days are gone is answered by those that are left.
            connection.Run("DELETE FROM closed_months WHERE site = $1 AND month < $2", site, before);
            foreach (var table in Rollup.Tables)
                connection.Run($"DELETE FROM {table} WHERE site = $1 AND grain = 1 AND day NOT IN (SELECT month FROM closed_months WHERE site = $1)", site);
        });
        return days;
    }
}
