using Footfall.Words;

namespace Footfall.Collect.Events;

/// <summary>Why a hit was refused, and which field is to blame.</summary>
/// <param name="Field">Null where it is none in particular.</param>
internal readonly record struct Refused(RejectReason Reason, string? Field = null)
{
    public static readonly Refused None;

    /// <summary>The sentence for a person.</summary>
    public string Error => Field is null ? Rejections.Of(Reason).Error : $"{Field}: {Rejections.Of(Reason).Error}";

    public static implicit operator Refused(RejectReason reason) => new(reason);
}
