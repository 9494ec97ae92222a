using DuckDB.NET.Data;
using Footfall.History.Rollups;

namespace Footfall.History.Schema;

/// <summary>Deletes all data of one site from the history, and the texts, products and sets of props that no other site uses.</summary>
internal static class HistorySiteEraser
{
    private static readonly string[] Tables =
        ["hits", "items", "orders", "opened", "visits", "bots", "open_days", "closed_months", "removed_days", "removed_orders",
            "identities", .. Rollup.Tables];

    /// <summary>The number of hits of a site in the history, including those of bots.</summary>
    public static long CountHits(DuckDBConnection connection, string domain) => connection.Scalar<long>("""
        SELECT (SELECT count(*) FROM hits WHERE site IN (SELECT id FROM sites WHERE domain = $1)) + (SELECT count(*) FROM bots
        WHERE site IN (SELECT id FROM sites WHERE domain = $1))
        """, domain);

    /// <returns>The number of hits, including those of bots.</returns>
    public static long Erase(DuckDBConnection connection, string domain)
    {
        var hits = 0L;
        WriteTransaction.Run(connection, () =>
        {
            foreach (var site in connection.Query("SELECT id FROM sites WHERE domain = $1", domain).Select(row => row.GetInt32(0)).ToList())
            {
                foreach (var table in Tables)
                {
                    var rows = connection.Execute($"DELETE FROM {table} WHERE site = $1", site);
                    if (table is "hits" or "bots") hits += rows;
                }
            }
            connection.Execute("DELETE FROM sites WHERE domain = $1", domain);
            StringTableCleanup.Run(connection);
        });
        return hits;
    }
}
