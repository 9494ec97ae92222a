using Footfall.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footfall.Tests;

/// <summary>The journal on disk, as another program sees it.</summary>
internal static class JournalFile
{
    /// <summary>Runs a statement.</summary>
    /// <returns>The first value of the first row; null for no row.</returns>
    public static object? ExecuteScalar(string directory, string sql)
    {
        using var database =
            new SqliteConnection($"Data Source={Path.Combine(directory, SqliteJournal.FileName)};Pooling=False;Foreign Keys=False");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
