using Footfall.Common;
using Footfall.History.Schema;

namespace Footfall.History.Projection;

/// <summary>The kinds of stored hits: those of <see cref="HitKind"/>, and one more.</summary>
internal static class StoredHitKind
{
    /// <summary>A purchase whose transaction was counted before, however long ago: kept as an event, without money.</summary>
    public const byte RepeatedPurchase = 9;

    /// <summary>The name of a kind in the event API; null for custom events, which have their own names.</summary>
    public static string? NameOf(byte kind) => HitKindNames.Get(kind == RepeatedPurchase ? HitKind.Purchase : (HitKind)kind);
}

/// <summary>A hit on its way into the store. Texts are numbers of <see cref="StringTable"/>.</summary>
internal struct HitRow
{
    public int Site, Day, Sequence, Page, Host, Name, Props, Currency;
    public long Position, CommittedAt, Time, Visit, Visitor;
    public ulong Hash, Transaction;

    /// <summary>The transaction hash of rows written before the installation had a secret.</summary>
    public ulong ConvertedTransaction;
    public short UtcOffset;
    public Country Country;
    public byte Kind;
    public BotReason Bot;
    public bool OpensVisit;
    public decimal? Value;

    /// <summary>The index of the attributes; -1 if the visit already has them.</summary>
    public int AttributesIndex;

    /// <summary>The items of the hit.</summary>
    public int FirstItemIndex, ItemCount;
}

/// <summary>The visit properties from its first hit.</summary>
internal struct VisitAttributes
{
    public int Source, Channel, Referrer, UtmSource, UtmMedium, UtmCampaign, UtmContent, UtmTerm, Browser, BrowserVersion, Os, OsVersion,
        Device, Screen, Language;
}

/// <summary>A product of a hit.</summary>
internal struct ItemRow
{
    public int Product;
    public decimal? Price;
    public decimal Quantity;
}

/// <summary>The parts of a product, each a text.</summary>
internal readonly record struct ProductRow(int Key, int Id, int Name, int Category, int Brand, int Variant);
