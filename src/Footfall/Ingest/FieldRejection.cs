using Footfall.Common;

namespace Footfall.Ingest;

/// <summary>Why a hit was rejected, and which field is wrong.</summary>
/// <param name="Field">Null if no single field is wrong.</param>
internal readonly record struct FieldRejection(RejectReason Reason, string? Field = null)
{
    public static readonly FieldRejection None;

    /// <summary>The message for a person.</summary>
    public string Error => Field is null ? Rejections.Get(Reason).Error : $"{Field}: {Rejections.Get(Reason).Error}";

    public static implicit operator FieldRejection(RejectReason reason) => new(reason);
}
