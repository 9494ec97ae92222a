using DuckDB.NET.Data;

namespace Footfall.History.Schema;

internal static class WriteTransaction
{
    /// <summary>Does all of the work or none of it.</summary>
    public static void Run(DuckDBConnection connection, Action work)
    {
        connection.Execute("BEGIN");
        try
        {
            work();
            connection.Execute("COMMIT");
        }
        catch
        {
            Rollback(connection);
            throw;
        }
    }

    public static void Rollback(DuckDBConnection connection)
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (DuckDBException)
        {
            // No transaction, or DuckDB has already ended it: https://duckdb.org/docs/stable/sql/statements/transactions.
        }
    }
}
