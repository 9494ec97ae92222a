using DuckDB.NET.Data;
using Footfall.History.Rollups;

namespace Footfall.History.Schema;

/// <summary>
/// Deletes texts, products and sets of props that are no longer referenced: a path or prop may identify a person and must not outlive its
/// hits. Reads every row of every table; any cache of text numbers must be reloaded afterwards.
/// </summary>
internal static class StringTableCleanup
{
    /// <summary>
    /// The integer columns that are not text numbers. All others are treated as text numbers, so that a column forgotten here keeps texts
    /// and loses none.
    /// </summary>
    private static readonly string[] NonTextColumns =
    [
        "site", "visitors", "visits", "pageviews", "events", "bounces", "duration", "seq", "carts", "checkouts", "buyers", "cart_buyers",
        "orders", "refunds", "funnel", "version",
    ];

    /// <summary>Runs in the caller's transaction.</summary>
    public static void Run(DuckDBConnection connection)
    {
        connection.Execute("DELETE FROM products WHERE id NOT IN (SELECT DISTINCT product FROM items)");
        connection.Execute("DELETE FROM props WHERE set NOT IN (SELECT DISTINCT props FROM hits)");
        connection.Execute(
            $"DELETE FROM texts WHERE id <> 0 AND id NOT IN ({string.Join(" UNION ", FindTextColumns(connection).Select(SelectNumbers))})");
    }

    /// <summary>The columns that hold numbers of texts, as <c>table.column</c>.</summary>
    public static IReadOnlyList<string> FindTextColumns(DuckDBConnection connection) =>
    [
        .. connection.Query("""
            SELECT table_name || '.' || column_name FROM duckdb_columns()
            WHERE database_name = current_database() AND schema_name = 'main' AND data_type = 'INTEGER' AND table_name NOT IN
            ('texts', 'sites') ORDER BY ALL
            """).Select(row => row.GetString(0)).Where(column => !NonTextColumns.Contains(column.Split('.')[1])),
    ];

    private static string SelectNumbers(string column) => column.Split('.') is [var table, var name]
        ? $"SELECT {name} FROM " +
            $"{table}{(name == "value" && table[1] == '_' ? $" WHERE dim NOT IN ({string.Join(", ", Rollup.NumbersWithoutText)})" : "")}"
        : throw new FormatException(column);
}
