namespace Footfall.History.Schema;

/// <summary>What a product of a hit is worth, in SQL.</summary>
internal static class ItemAmount
{
    /// <summary>Price by quantity, and 0 without one of them.</summary>
    /// <remarks>
    /// DuckDB multiplies two DECIMAL(18, 6) in 64 bits and fails at a million, unless one of them is wider
    /// (https://duckdb.org/docs/stable/sql/data_types/numeric#fixed-point-decimals). As with the value of a hit, more than a DECIMAL(18, 6)
    /// holds is no price.
    /// </remarks>
    public static string Sql(string price, string quantity) =>
        $"least(coalesce({price}, 0)::DECIMAL(38, 6) * coalesce({quantity}, 0), 999999999999.999999)::DECIMAL(38, 6)";
}
