using DuckDB.NET.Data;
using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>
/// Gives space back that deleted rows took. A checkpoint frees the blocks of rows that are gone, but cuts the file off only where free blocks are at its end (measured: of
/// a file of 100 MB with two thirds free nothing). What makes it smaller is to write it anew: 10 million hits take some seconds, in which questions are answered from the old one.
/// </summary>
internal static class Compaction
{
    /// <summary>Less than this is not worth it, in bytes: the next hits take it.</summary>
    private const long LeastFree = 4 << 20;

    /// <summary>Folds the log of changes into the file; rows that are gone free their blocks for others.</summary>
    public static void Checkpoint(DuckDBConnection connection)
    {
        try
        {
            connection.Run("CHECKPOINT");
        }
        catch (DuckDBException error) when (error.ErrorType == DuckDB.NET.Native.DuckDBErrorType.Transaction)
        {
            // A query reads at this moment; DuckDB does it by itself at a later commit.
        }
    }

    /// <summary>Whether half of the file is free. Of a small table nothing is, however many of its rows are gone.</summary>
    public static bool IsWorthwhile(DuckDBConnection connection)
    {
        var (block, total, free) = connection.Query("SELECT block_size, total_blocks, free_blocks FROM pragma_database_size() WHERE database_name = current_database()")
            .Select(row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single();
        return free * block >= LeastFree && free * 2 >= total;
    }

    /// <summary>Writes the file anew: nothing of what was deleted is left in it. The writer has closed its connection; readers are waited for.</summary>
    /// <exception cref="DuckDBException">The disk has no room for it, for example: the file stays as it was.</exception>
    /// <exception cref="IOException">The same.</exception>
    public static void Rewrite(HistoryDatabase database)
    {
        var copy = database.File + ".new";
        HistoryDatabase.Delete(copy);
        try
        {
            using (var connection = database.Connect())
            {
                var source = connection.Scalar<string>("SELECT current_database()");
                connection.Run($"ATTACH {DuckDbCommands.Quoted(copy)} AS compact");
                try
                {
                    connection.Run($"COPY FROM DATABASE \"{source}\" TO compact");
                    connection.Run("CHECKPOINT compact");
                }
                finally
                {
                    connection.Run("DETACH compact");
                }
            }
            Durable.SyncFile(copy);
            database.Replace(copy);
        }
        finally
        {
            HistoryDatabase.Delete(copy);
        }
    }
}
