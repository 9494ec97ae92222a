using DuckDB.NET.Data;
using Footfall.Words;

namespace Footfall.History.Store;

/// <summary>Shorthands for SQL that has its parameters by position: <c>$1</c>, <c>$2</c>…</summary>
internal static class DuckDbCommands
{
    /// <returns>How many rows changed.</returns>
    public static int Run(this DuckDBConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row; the default where there is none.</summary>
    public static T? Scalar<T>(this DuckDBConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using var command = Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    /// <summary>The rows of a query, read one by one.</summary>
    public static IEnumerable<DuckDBDataReader> Query(this DuckDBConnection connection, string sql, params object?[] parameters)
    {
        using var command = Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return reader;
    }

    /// <summary>A text in SQL, for what takes no parameters: settings, and names of files.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Bounds an engine as the settings say; beyond its memory it works on the disk.</summary>
    /// <param name="file">Beside which, with <c>.tmp</c> behind it.</param>
    public static void Bound(this DuckDBConnection connection, HistoryOptions options, string file)
    {
        connection.Run($"SET memory_limit = '{options.MemoryMegabytes}MiB'");
        connection.Run($"SET threads = {(options.Threads > 0 ? options.Threads : Environment.ProcessorCount)}");
        connection.Run($"SET temp_directory = {Quoted(file + ".tmp")}");
    }

    private static DuckDBCommand Command(DuckDBConnection connection, string sql, ReadOnlySpan<object?> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in parameters) command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
        return command;
    }
}
