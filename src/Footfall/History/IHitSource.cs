using Footfall.Common;

namespace Footfall.History;

/// <summary>Receives a hit from the journal.</summary>
/// <param name="batch">The commit that contains it.</param>
/// <param name="opened">Whether a visit began with it.</param>
/// <param name="details">The details of the hit: <see cref="Hit.DetailsCount"/> pairs of a <see cref="DetailField"/> and its value, in
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
    /// A hit with more bytes than this counts as several, so that a step of large hits takes no more memory than a step of small ones.
    /// </summary>
    const int BytesPerHit = 256;

    /// <summary>Identifies the journal: positions of different journals are not comparable.</summary>
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

    /// <summary>Reports that the history durably has everything up to a position, so that the journal may delete it.</summary>
    void MarkProjected(long position);

    /// <summary>Reports that the history has hits that this journal lacks, so that its counts are too low.</summary>
    /// <param name="reason">The evidence, as a sentence.</param>
    /// <returns>Whether hits are rejected until an operator decides; false if the journal continues.</returns>
    bool ReportMissingHits(string reason) => false;

    /// <summary>The domains that the history must delete completely before it takes more hits.</summary>
    IReadOnlyList<string> DeletedSites { get; }

    /// <summary>Records durably that the history has deleted a site.</summary>
    /// <exception cref="Exception">It could not be recorded: the history must take no more hits until it is.</exception>
    void MarkDeleted(string domain);
}
