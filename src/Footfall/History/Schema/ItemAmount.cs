namespace Footfall.History.Schema;

/// <summary>The amount of an item of a hit, in SQL.</summary>
internal static class ItemAmount
{
    /// <summary>Price times quantity; 0 if one of them is missing.</summary>
    /// <remarks>
    /// DuckDB multiplies two DECIMAL(18, 6) in 64 bits and fails at a million, unless one of them is wider
    /// (https://duckdb.org/docs/stable/sql/data_types/numeric#fixed-point-decimals). As with the value of a hit, an amount that a
    /// DECIMAL(18, 6) can't hold is ignored.
    /// </remarks>
    public static string Sql(string price, string quantity) =>
        $"least(coalesce({price}, 0)::DECIMAL(38, 6) * coalesce({quantity}, 0), 999999999999.999999)::DECIMAL(38, 6)";
}
