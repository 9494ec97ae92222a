using Footfall.Common;

namespace Footfall.Import;

/// <summary>Counts what became of the lines of one batch, and added up of those that are durable.</summary>
internal interface IImportCounts<TSelf>
{
    /// <summary>Counts what the journal decided of a hit.</summary>
    void AddOutcome(in HitOutcome outcome);

    void Add(TSelf other);

    void Clear();
}
