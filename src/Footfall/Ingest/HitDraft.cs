using Footfall.Enrich;

namespace Footfall.Ingest;

/// <summary>
/// One hit as a protocol sends it, before it is checked: what every protocol passes to
/// <see cref="HitAcceptor"/>. All texts are valid UTF-8, empty for none, and stay where they are until
/// the hit is accepted.
/// </summary>
internal ref struct HitDraft
{
    /// <summary>Named as in GA4; <see cref="Country"/> is two letters.</summary>
    public ReadOnlySpan<byte> Id, Site, Name, Url, Referrer, Country, TransactionId, Currency;

    /// <summary>Encoded as <see cref="HitDetailsWriter"/> writes them, without the header that has their count.</summary>
    public ReadOnlySpan<byte> Items, Props;

    /// <summary>The class of the screen, from <see cref="ScreenParser"/>.</summary>
    public ReadOnlySpan<byte> Screen;

    public int ItemsCount, PropsCount;

    public decimal? Value;

    /// <summary>When it happened; null for now, or where <see cref="Age"/> is given.</summary>
    public DateTimeOffset? Timestamp;

    /// <summary>How long ago it happened, in milliseconds; null for now, or where <see cref="Timestamp"/> is given.</summary>
    public int? Age;

    /// <summary>The client of this hit, if it did not send the request itself: address, User-Agent and language.</summary>
    public HitOrigin? Origin;

    /// <summary>An <c>Idempotency-Key</c> that belongs to this hit alone.</summary>
    public string? IdempotencyKey;
}
