using DuckDB.NET.Data;
using Footfall.Common;

namespace Footfall.History.Schema;

/// <summary>
/// Gives space back that deleted rows took. A checkpoint frees the blocks of rows that are gone, but cuts the file off only where free
/// blocks are at its end (measured: of a file of 100 MB with two thirds free nothing). Only rewriting makes it smaller: 10 million hits
/// take some seconds, in which questions are answered from the old one.
/// </summary>
internal static class Compaction
{
    /// <summary>Less than this is not worth it, in bytes: the next hits take it.</summary>
    private const long MinFreeBytes = 4 << 20;

    /// <summary>Folds the log of changes into the file; rows that are gone free their blocks for others.</summary>
    public static void Checkpoint(DuckDBConnection connection)
    {
        try
        {
            connection.Execute("CHECKPOINT");
        }
        catch (DuckDBException error) when (error.ErrorType == DuckDB.NET.Native.DuckDBErrorType.Transaction)
        {
            // A query reads at this moment; DuckDB does it by itself at a later commit.
        }
    }

    /// <summary>Whether half of the file is free. Of a small table nothing is, however many of its rows are gone.</summary>
    public static bool IsWorthwhile(DuckDBConnection connection)
    {
        var (block, total, free) = connection.Query(
            "SELECT block_size, total_blocks, free_blocks FROM pragma_database_size() WHERE database_name = current_database()")
            .Select(row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single();
        return free * block >= MinFreeBytes && free * 2 >= total;
    }

    /// <summary>
    /// Rewrites the file: nothing that was deleted is left in it. The writer has closed its connection; readers are waited for.
    /// </summary>
    /// <exception cref="DuckDBException">The disk has no room for it, for example: the file stays as it was.</exception>
    /// <exception cref="IOException">The same.</exception>
    public static void Rewrite(HistoryDatabase database)
    {
        var copy = database.FilePath + ".new";
        HistoryDatabase.DeleteFiles(copy);
        try
        {
            using (var connection = database.Connect())
            {
                var source = connection.Scalar<string>("SELECT current_database()");
                connection.Execute($"ATTACH {DuckDbExtensions.Quote(copy)} AS compact");
                try
                {
                    connection.Execute($"COPY FROM DATABASE \"{source}\" TO compact");
                    connection.Execute("CHECKPOINT compact");
                }
                finally
                {
                    connection.Execute("DETACH compact");
                }
            }
            FileSync.SyncFile(copy);
            database.Replace(copy);
        }
        finally
        {
            HistoryDatabase.DeleteFiles(copy);
        }
    }
}
