using DuckDB.NET.Data;

namespace Footfall.History.Store;

/// <summary>Deletes all that the history has of one site, and the texts, products and sets of props that no other site has.</summary>
internal static class SiteRemoval
{
    private static readonly string[] Tables =
        ["hits", "items", "orders", "opened", "visits", "bots", "open_days", "closed_months", "removed_days", "removed_orders", "identities", .. Rollup.Tables];

    /// <summary>The hits that the history has of a site, those of robots included.</summary>
    public static long Count(DuckDBConnection connection, string domain) => connection.Scalar<long>("""
        SELECT (SELECT count(*) FROM hits WHERE site IN (SELECT id FROM sites WHERE domain = $1)) + (SELECT count(*) FROM bots WHERE site IN (SELECT id FROM sites WHERE domain = $1))
        """, domain);

    /// <returns>The hits, those of robots included.</returns>
    public static long Run(DuckDBConnection connection, string domain)
    {
        var hits = 0L;
        Transactions.Run(connection, () =>
        {
            foreach (var site in connection.Query("SELECT id FROM sites WHERE domain = $1", domain).Select(row => row.GetInt32(0)).ToList())
            {
                foreach (var table in Tables)
                {
                    var rows = connection.Run($"DELETE FROM {table} WHERE site = $1", site);
                    if (table is "hits" or "bots") hits += rows;
                }
            }
            connection.Run("DELETE FROM sites WHERE domain = $1", domain);
            UnusedTexts.Remove(connection);
        });
        return hits;
    }
}
