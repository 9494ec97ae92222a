using System.Text;
using DuckDB.NET.Data;
using Footfall.Common;

namespace Footfall.History.Schema;

/// <summary>
/// Rehashes transactions written before the installation had a secret: trying all short numbers would reveal the orders from their hashes.
/// </summary>
internal static class UnkeyedOrderMigration
{
    private static readonly string[] Tables = ["orders", "removed_orders"];

    /// <summary>
    /// Replaces these hashes with keyed hashes of them, in the caller's transaction. 5 million orders take 4 seconds, within the engine's
    /// memory limit.
    /// </summary>
    /// <exception cref="HistoryUnavailableException">There are such hashes, but no secret.</exception>
    public static void Convert(DuckDBConnection connection, KeyHasher? keys)
    {
        if (Tables.Sum(table => connection.Scalar<long>($"SELECT count(*) FROM {table} WHERE transaction <> 0")) == 0) return;
        if (keys is null)
            throw new HistoryUnavailableException("An earlier version of Footfall wrote the history: start the server to convert it.");
#pragma warning disable DuckDBNET001 // Experimental to its authors: MigrationTests shows when it changes.
        connection.RegisterScalarFunction<string, ulong, ulong>("keyed_order", (values, results, rows) =>
        {
            for (var row = 0UL; row < rows; row++)
            {
                var domain = Encoding.UTF8.GetBytes(values[0].GetValue<string>(row));
                results.WriteValue(keys.HashUnkeyedOrder(domain, values[1].GetValue<ulong>(row)), row);
            }
        });
#pragma warning restore DuckDBNET001
        foreach (var table in Tables)
        {
            connection.Execute($"""
                UPDATE {table} SET transaction = keyed_order(s.domain, transaction)
                FROM sites s WHERE s.id = {table}.site AND transaction <> 0
                """);
        }
        connection.Execute("UPDATE progress SET converted_orders = TRUE");
    }
}
