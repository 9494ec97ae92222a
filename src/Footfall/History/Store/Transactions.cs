using DuckDB.NET.Data;

namespace Footfall.History.Store;

internal static class Transactions
{
    /// <summary>Does all of the work or nothing of it.</summary>
    public static void Run(DuckDBConnection connection, Action work)
    {
        connection.Run("BEGIN");
        try
        {
            work();
            connection.Run("COMMIT");
        }
        catch
        {
            Undo(connection);
            throw;
        }
    }

    public static void Undo(DuckDBConnection connection)
    {
        try
        {
            connection.Run("ROLLBACK");
        }
        catch (DuckDBException)
        {
            // There is no transaction, or DuckDB has ended it by itself: https://duckdb.org/docs/stable/sql/statements/transactions.
        }
    }
}
