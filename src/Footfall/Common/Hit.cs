namespace Footfall.Common;

/// <summary>The kind of a hit. The names in the API are GA4's.</summary>
internal enum HitKind : byte
{
    Visit = 0,
    PageView = 1,
    ViewItem = 2,
    AddToCart = 3,
    RemoveFromCart = 4,
    BeginCheckout = 5,
    Purchase = 6,
    Refund = 7,
    Custom = 8,
}

/// <summary>
/// The data of a hit that every feature needs; everything else is encoded in its details. Passed by the million, hence a struct whose only
/// reference is the site.
/// </summary>
/// <param name="Site">The shop.</param>
/// <param name="Time">When it happened: Unix time in milliseconds.</param>
/// <param name="Country">The country of the visitor.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Bot">Whether a known bot sent it: stored, never counted as a visit.</param>
/// <param name="Visitor">The salted hash of the visitor; 0 for a bare visit, which has no visitor and is always its own visit.</param>
/// <param name="Key">The hash of the sender's own key for this hit; 0 for none.</param>
/// <param name="Transaction">The hash of a purchase's transaction; 0 for none.</param>
/// <param name="DetailsLength">The bytes of the details.</param>
/// <param name="DetailsCount">The number of fields in the details.</param>
internal readonly record struct Hit(
    Site Site, long Time, Country Country, HitKind Kind, bool Bot, ulong Visitor, ulong Key, ulong Transaction, int DetailsLength,
    byte DetailsCount);

/// <summary>What the journal decided about a hit.</summary>
/// <param name="Duplicate">The key or the transaction was seen before; not counted again.</param>
/// <param name="OpenedVisit">A visit began with this hit, and was counted.</param>
/// <param name="Country">The counted country; for a duplicate, that of the first hit with the same key.</param>
/// <param name="Visits">The visits of the site and country after this hit; for a duplicate, after the first hit with the same key.</param>
internal readonly record struct HitOutcome(bool Duplicate, bool OpenedVisit, Country Country, long Visits);
