using DuckDB.NET.Data;

namespace Footfall.History.Store;

/// <summary>A file of a history that nobody has open.</summary>
internal static class HistoryFile
{
    /// <summary>Reads how far it has come, and leaves it as it is.</summary>
    /// <returns>Whose positions they are (null for a history that has taken nothing), and the last one.</returns>
    /// <exception cref="DuckDBException">It is no history, or damaged.</exception>
    public static (Guid? Journal, long Position) ReadProgress(string file)
    {
        using var connection = new DuckDBConnection($"Data Source={file};ACCESS_MODE=READ_ONLY");
        connection.Open();
        return connection.Query("SELECT journal, position FROM progress").Select(row => (row.IsDBNull(0) ? default(Guid?) : row.GetFieldValue<Guid>(0), row.GetInt64(1))).Single();
    }
}
