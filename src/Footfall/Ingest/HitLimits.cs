using Footfall.Common;

namespace Footfall.Ingest;

/// <summary>The limits of a hit on the wire, in bytes of UTF-8 unless stated otherwise.</summary>
internal static class HitLimits
{
    public const int HitBytes = 64 * 1024;
    public const int HitsPerRequest = 50_000;
    public const int Id = KeyHasher.MaxKeyBytes;

    /// <summary>In characters (code points of Unicode).</summary>
    public const int Name = 120;

    /// <summary>The longest domain, before it is encoded for DNS (Punycode).</summary>
    public const int Site = 4 * 253;

    public const int Url = 2_048;
    public const int TransactionId = KeyHasher.MaxKeyBytes;
    public const int Items = 200;
    public const int ItemField = 500;
    public const int Screen = 20;
    public const int Props = 30;
    public const int PropName = 300;
    public const int PropValue = 2_000;

    /// <summary>The largest value, price or quantity.</summary>
    public const decimal Value = 999_999_999_999m;

    /// <summary>Decimal places that are kept; further ones are rounded (a browser sends 0.1 + 0.2 as 0.30000000000000004).</summary>
    public const int DecimalPlaces = 6;

    /// <summary>The maximum age of a hit: a tracker has an offline queue.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    /// <summary>How far a sender's clock may be ahead; such a hit is taken as of now.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>Rejects a text that is longer than its limit or has control characters.</summary>
    public static FieldRejection Check(ReadOnlySpan<byte> text, string field, int limit)
    {
        if (text.IsEmpty) return FieldRejection.None;
        if (text.Length > limit) return new(RejectReason.FieldTooLong, field);
        return text.ContainsAnyInRange((byte)0, (byte)31) || text.Contains((byte)127)
            ? new(RejectReason.InvalidField, field)
            : FieldRejection.None;
    }
}
