using DuckDB.NET.Data;
using Footfall.Common;

namespace Footfall.History.Schema;

/// <summary>Shorthands for SQL with positional parameters: <c>$1</c>, <c>$2</c>…</summary>
internal static class DuckDbExtensions
{
    /// <returns>How many rows changed.</returns>
    public static int Execute(this DuckDBConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using var command = CreateCommand(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row, or the default.</summary>
    public static T? Scalar<T>(this DuckDBConnection connection, string sql, params ReadOnlySpan<object?> parameters)
    {
        using var command = CreateCommand(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    /// <summary>The rows of a query, read one by one.</summary>
    public static IEnumerable<DuckDBDataReader> Query(this DuckDBConnection connection, string sql, params object?[] parameters)
    {
        using var command = CreateCommand(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return reader;
    }

    /// <summary>A SQL string literal, for settings and file names, which accept no parameters.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Applies the limits of the settings to an engine; beyond its memory it uses the disk.</summary>
    /// <param name="file">The database file; its temporary directory has <c>.tmp</c> appended.</param>
    public static void SetLimits(this DuckDBConnection connection, HistoryOptions options, string file)
    {
        connection.Execute($"SET memory_limit = '{options.MemoryMegabytes}MiB'");
        connection.Execute($"SET threads = {(options.Threads > 0 ? options.Threads : Environment.ProcessorCount)}");
        connection.Execute($"SET temp_directory = {Quote(file + ".tmp")}");
    }

    private static DuckDBCommand CreateCommand(DuckDBConnection connection, string sql, ReadOnlySpan<object?> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in parameters) command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
        return command;
    }
}
