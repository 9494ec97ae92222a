using DuckDB.NET.Data;
using Footfall.History.Schema;

namespace Footfall.History.Projection;

/// <summary>A history file that no process has open.</summary>
internal static class HistoryProgress
{
    /// <summary>Compares the position of the history with the journal.</summary>
    /// <returns>What is wrong, as a sentence; null if all is well.</returns>
    public static string? CheckJournal(DuckDBConnection connection, IHitSource source)
    {
        var (journal, position) = ReadProgress(connection);
        if (journal is null || position == 0) return null;
        if (journal != source.Identity)
            return "history.duckdb belongs to a different journal: journal.db was deleted or replaced, or is damaged.";
        return position <= source.LastPosition ? null
            : $"history.duckdb has commits up to {position}, but journal.db ends at {source.LastPosition}: an older journal.db was "
                + $"restored, "
                + "or its end is damaged.";
    }

    /// <summary>Reads the progress without changing anything.</summary>
    /// <returns>The journal of the position (null for an empty history), and the last position.</returns>
    /// <exception cref="DuckDBException">It is not a history, or damaged.</exception>
    public static (Guid? Journal, long Position) ReadProgress(string file)
    {
        using var connection = new DuckDBConnection($"Data Source={file};ACCESS_MODE=READ_ONLY");
        connection.Open();
        return ReadProgress(connection);
    }

    /// <summary>Continues with a journal as it is: after its last commit, or from its beginning if it is another journal.</summary>
    public static void AcceptJournal(DuckDBConnection connection, IHitSource source) =>
        connection.Execute(
            "UPDATE progress SET position = CASE WHEN journal = $1 THEN least(position, $2) ELSE 0 END, journal = $1",
            source.Identity, source.LastPosition);

    private static (Guid? Journal, long Position) ReadProgress(DuckDBConnection connection) =>
        connection.Query("SELECT journal, position FROM progress")
            .Select(row => (row.IsDBNull(0) ? default(Guid?) : row.GetFieldValue<Guid>(0), row.GetInt64(1))).Single();
}
