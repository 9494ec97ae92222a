namespace Footfall.Common;

/// <summary>What a hit says that happened. The names on the wire are GA4's.</summary>
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
/// What every station needs of a hit; all else stands encoded in its details.
/// Passed by the million, therefore a struct without references but the site.
/// </summary>
/// <param name="Site">The shop.</param>
/// <param name="Time">When it happened: Unix time in milliseconds.</param>
/// <param name="Country">From where.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Bot">Whether a known bot sent it: stored, never counted as a visit.</param>
/// <param name="Visitor">The salted hash of the visitor; 0 for a bare visit, which belongs to nobody and is always a visit of its
/// own.</param>
/// <param name="Key">The hash of the sender's own key for this hit; 0 for none.</param>
/// <param name="Transaction">The hash of a purchase's transaction; 0 for none.</param>
/// <param name="DetailsLength">The bytes of the details.</param>
/// <param name="DetailsCount">The number of fields in the details.</param>
internal readonly record struct Hit(
    Site Site, long Time, Country Country, HitKind Kind, bool Bot, ulong Visitor, ulong Key, ulong Transaction, int DetailsLength,
    byte DetailsCount);

/// <summary>What the journal decided about a hit.</summary>
/// <param name="Duplicate">The key or the transaction was seen before; not counted again.</param>
/// <param name="OpenedVisit">A visit began with this hit, and the counter moved.</param>
/// <param name="Country">The country that was counted: of the first hit with the same key where this one is a duplicate.</param>
/// <param name="Visits">The visits of the site and country after this hit; for a duplicate, after the first hit with the same key.</param>
internal readonly record struct HitOutcome(bool Duplicate, bool OpenedVisit, Country Country, long Visits);
