namespace Footfall.Ingest;

/// <summary>One hit as it was read, before it is filled. The spans point into the line or into the reader's scratch space.</summary>
internal ref struct HitDraft
{
    public ReadOnlySpan<byte> Id, Site, Name, Url, Referrer, Country, TransactionId, Currency;

    /// <summary>Encoded as <see cref="HitDetailsWriter"/> tells, without the header that says how many there are; empty for none.</summary>
    public ReadOnlySpan<byte> Items, Props;

    /// <summary>The class of the screen as <see cref="ScreenParser"/> tells; empty for none.</summary>
    public ReadOnlySpan<byte> Screen;

    public int ItemsCount, PropsCount;

    public decimal? Value;

    /// <summary>When it happened; null for now, or where the age says it.</summary>
    public DateTimeOffset? Timestamp;

    /// <summary>How long ago it happened, in milliseconds; null for now, or where the timestamp says it.</summary>
    public int? Age;
}
