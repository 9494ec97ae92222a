namespace Footfall.History.Schema;

/// <summary>
/// The steps that a visit completed in order, as a number: the steps g(page_view), v(view_item), c(add_to_cart), b(begin_checkout) and
/// p(purchase) are the bits 1, 2, 4, 8 and 16 of a set of steps, and bit <c>set - 1</c> of the number is set if the visit did all steps of
/// the set in order. 31 sets are 31 bits: the number is never negative.
/// </summary>
internal static class FunnelSteps
{
    public const string Letters = "gvcbp";

    public const int Page = 1, View = 2, Cart = 4, Checkout = 8, Purchase = 16;

    /// <summary>The bit of a set of steps.</summary>
    /// <param name="set">1 to 31.</param>
    public static int Bit(int set) => 1 << (set - 1);

    /// <summary>The pattern of LIKE that the letters of a visit's hits match if it did the steps of a set in order.</summary>
    public static string LikePattern(int set) => $"%{string.Join('%', Letters.Where((_, i) => (set & (1 << i)) != 0))}%";
}
