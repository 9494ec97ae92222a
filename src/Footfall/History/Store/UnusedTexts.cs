using DuckDB.NET.Data;

namespace Footfall.History.Store;

/// <summary>
/// Deletes texts, products and sets of props that nothing names any more: a path or a prop may tell of a person, and must not outlive its hits. Looks at every row of every table;
/// whoever has numbers of texts in memory begins anew afterwards.
/// </summary>
internal static class UnusedTexts
{
    /// <summary>The columns of whole numbers that are no number of a text. Any other one is taken for one, so that a column that is forgotten here keeps texts, and loses none.</summary>
    private static readonly string[] NoTexts =
    [
        "site", "visitors", "visits", "pageviews", "events", "bounces", "duration", "seq", "carts", "checkouts", "buyers", "cart_buyers", "orders", "refunds", "funnel", "version",
    ];

    /// <summary>In the transaction of the caller.</summary>
    public static void Remove(DuckDBConnection connection)
    {
        connection.Run("DELETE FROM products WHERE id NOT IN (SELECT DISTINCT product FROM items)");
        connection.Run("DELETE FROM props WHERE set NOT IN (SELECT DISTINCT props FROM hits)");
        connection.Run($"DELETE FROM texts WHERE id <> 0 AND id NOT IN ({string.Join(" UNION ", Columns(connection).Select(Select))})");
    }

    /// <summary>The columns that hold numbers of texts, as <c>table.column</c>.</summary>
    public static IReadOnlyList<string> Columns(DuckDBConnection connection) =>
    [
        .. connection.Query("""
            SELECT table_name || '.' || column_name FROM duckdb_columns()
            WHERE database_name = current_database() AND schema_name = 'main' AND data_type = 'INTEGER' AND table_name NOT IN ('texts', 'sites') ORDER BY ALL
            """).Select(row => row.GetString(0)).Where(column => !NoTexts.Contains(column.Split('.')[1])),
    ];

    private static string Select(string column) => column.Split('.') is [var table, var name]
        ? $"SELECT {name} FROM {table}{(name == "value" && table[1] == '_' ? $" WHERE dim NOT IN ({string.Join(", ", Rollup.WithoutTexts)})" : "")}"
        : throw new FormatException(column);
}
