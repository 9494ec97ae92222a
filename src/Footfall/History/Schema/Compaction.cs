using DuckDB.NET.Data;
using Footfall.Common;

namespace Footfall.History.Schema;

/// <summary>
/// Reclaims the space of deleted rows. A checkpoint frees their blocks, but shrinks the file only if the free blocks are at its end
/// (measured: not at all for a 100 MB file with two thirds free). Only a rewrite makes it smaller: 10 million hits take a few seconds,
/// during which queries read the old file.
/// </summary>
internal static class Compaction
{
    /// <summary>Less free space than this, in bytes, is not worth it: the next hits use it.</summary>
    private const long MinFreeBytes = 4 << 20;

    /// <summary>Checkpoints the write-ahead log into the file, which frees the blocks of deleted rows.</summary>
    public static void Checkpoint(DuckDBConnection connection)
    {
        try
        {
            connection.Execute("CHECKPOINT");
        }
        catch (DuckDBException error) when (error.ErrorType == DuckDB.NET.Native.DuckDBErrorType.Transaction)
        {
            // A query is running; DuckDB checkpoints by itself at a later commit.
        }
    }

    /// <summary>Whether half of the file is free. A small table frees nothing, however many rows are deleted.</summary>
    public static bool IsWorthwhile(DuckDBConnection connection)
    {
        var (block, total, free) = connection.Query(
            "SELECT block_size, total_blocks, free_blocks FROM pragma_database_size() WHERE database_name = current_database()")
            .Select(row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single();
        return free * block >= MinFreeBytes && free * 2 >= total;
    }

    /// <summary>
    /// Rewrites the file, so that no deleted data is left in it. The writer has closed its connection; this waits for readers.
    /// </summary>
    /// <exception cref="DuckDBException">The disk is full, for example: the file is unchanged.</exception>
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
