using Footfall.Common;

namespace Footfall.History;

/// <summary>Takes a hit of the journal.</summary>
/// <param name="batch">The commit that it came in with.</param>
/// <param name="opened">Whether a visit began with it.</param>
/// <param name="details">What the hit brought: <see cref="Hit.DetailsCount"/> pairs of a <see cref="DetailField"/> and its value, in
/// MessagePack.</param>
internal delegate void HitHandler(in HitBatch batch, in Hit hit, bool opened, ReadOnlyMemory<byte> details);

/// <summary>One commit of the journal.</summary>
/// <param name="Position">Grows with each commit.</param>
/// <param name="CommittedAt">Unix time in milliseconds.</param>
internal readonly record struct HitBatch(long Position, long CommittedAt);

/// <summary>The journal, as the history reads it: in order, from any position that it still has.</summary>
internal interface IHitSource
{
    /// <summary>
    /// A hit with more bytes than this counts as several, so that a step through large hits takes no more memory than one through small
    /// ones.
    /// </summary>
    const int BytesPerHit = 256;

    /// <summary>Another journal has another one: its positions say nothing of this one's.</summary>
    Guid Identity { get; }

    /// <summary>The position of the newest commit; 0 before the first.</summary>
    long LastPosition { get; }

    /// <summary>The oldest commit after a position; null if there is none.</summary>
    HitBatch? NextAfter(long position);

    /// <summary>Reads whole commits in order.</summary>
    /// <param name="after">The position of the last commit that is known.</param>
    /// <param name="hits">After this many hits, of <see cref="BytesPerHit"/> each, no further commit is begun.</param>
    /// <returns>The last commit read; null if there is none after <paramref name="after"/>.</returns>
    /// <exception cref="IOException">The journal can't be read now.</exception>
    HitBatch? Read(long after, int hits, HitHandler receive);

    /// <summary>
    /// Tells that the history holds everything up to a position for good: the journal need not keep it longer than it wants to.
    /// </summary>
    void MarkProjected(long position);

    /// <summary>Tells that the history has hits that this journal lacks, so that its counts are too small.</summary>
    /// <param name="reason">How it is known, as a sentence.</param>
    /// <returns>Whether hits are refused until an operator has decided; false where the journal goes on.</returns>
    bool ReportMissingHits(string reason) => false;

    /// <summary>The domains whose hits the history has to delete before it takes any more: all that it has of them.</summary>
    IReadOnlyList<string> DeletedSites { get; }

    /// <summary>Notes for good that the history has deleted a site.</summary>
    /// <exception cref="Exception">It could not be noted: the history must take no more before it is.</exception>
    void MarkDeleted(string domain);
}
