using DuckDB.NET.Data;
using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>Transactions of rows that were written before the installation had a secret: everybody who tries all short numbers could tell the orders from their hashes.</summary>
internal static class UnkeyedOrders
{
    private static readonly string[] Tables = ["orders", "removed_orders"];

    /// <summary>Replaces these hashes by keyed hashes of them. In the transaction of the caller: 5 million orders take 4 seconds, and no more memory than the settings give the engine.</summary>
    /// <exception cref="HistoryUnavailableException">There are some, and no secret.</exception>
    public static void Convert(DuckDBConnection connection, KeyHasher? keys)
    {
        if (connection.Scalar<long>($"SELECT count(*) FROM ({string.Join(" UNION ALL ", Tables.Select(table => $"SELECT 1 FROM {table} WHERE transaction <> 0"))})") == 0) return;
        if (keys is null) throw new HistoryUnavailableException("The history was written by an earlier version of Footfall: the server converts it when it starts.");
#pragma warning disable DuckDBNET001 // Functions of our own are called experimental: the test of this conversion shows when they change.
        connection.RegisterScalarFunction<string, ulong, ulong>("keyed_order", (values, results, rows) =>
        {
            for (var row = 0UL; row < rows; row++) results.WriteValue(keys.OfUnkeyedOrder(values[0].GetValue<string>(row), values[1].GetValue<ulong>(row)), row);
        });
#pragma warning restore DuckDBNET001
        foreach (var table in Tables)
            connection.Run($"UPDATE {table} SET transaction = keyed_order(s.domain, transaction) FROM sites s WHERE s.id = {table}.site AND transaction <> 0");
        connection.Run("UPDATE progress SET converted_orders = TRUE");
    }
}
