using DuckDB.NET.Data;

namespace Footfall.History.Store;

/// <summary>Gives space back that deleted rows took.</summary>
internal static class Compaction
{
    /// <summary>Folds the log of changes into the file; rows that are gone free their blocks for others, and the end of the file is cut off.</summary>
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
}
