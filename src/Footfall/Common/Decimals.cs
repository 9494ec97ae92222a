namespace Footfall.Common;

internal static class Decimals
{
    /// <summary>
    /// The largest amount that the history keeps of a hit: a DECIMAL(18, 6). Larger products of price and quantity are ignored.
    /// </summary>
    public const decimal MaxAmount = 999_999_999_999.999_999m;

    /// <summary>
    /// The same number without trailing zeros. Most amounts have two decimals: rounding to them costs a quarter of a division by 1.000….
    /// </summary>
    public static decimal TrimZeros(decimal value)
    {
        for (var digits = 0; digits <= 6; digits++)
        {
            var rounded = Math.Round(value, digits);
            if (rounded == value) return rounded;
        }
        return value / 1.0000000000000000000000000000m;
    }
}
