namespace Footfall.Words;

internal static class Decimals
{
    /// <summary>The same number without zeros at its end. Most amounts have two decimals: rounding to them is a quarter of a division by 1.000….</summary>
    public static decimal Plain(decimal value)
    {
        for (var digits = 0; digits <= 6; digits++)
        {
            var rounded = Math.Round(value, digits);
            if (rounded == value) return rounded;
        }
        return value / 1.0000000000000000000000000000m;
    }
}
