namespace Footfall.Common;

internal static class Decimals
{
    /// <summary>
    /// The largest amount that the history keeps of a hit: a DECIMAL(18, 6). What prices and quantities make more of is no price.
    /// </summary>
    public const decimal MaxAmount = 999_999_999_999.999_999m;

    /// <summary>
    /// The same number without zeros at its end. Most amounts have two decimals: rounding to them is a quarter of a division by 1.000….
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
