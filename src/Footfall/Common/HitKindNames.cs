namespace Footfall.Common;

/// <summary>The names of kinds.</summary>
internal static class HitKindNames
{
    private static readonly string[] Names =
        ["visit", "page_view", "view_item", "add_to_cart", "remove_from_cart", "begin_checkout", "purchase", "refund"];

    /// <summary>The name of a kind in the event API; null for custom events, which have their own names.</summary>
    public static string? Get(HitKind kind) => (int)kind < Names.Length ? Names[(int)kind] : null;
}
